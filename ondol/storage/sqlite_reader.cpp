#include <ondol/storage/sqlite_reader.hpp>

#include <mutex>
#include <vector>

#include <ondol/log/logger.hpp>

namespace ondol::storage {

namespace {

constexpr log::Logger kLog{"ondol.storage"};

// A file that was there at the start but cannot be opened now is a passing trouble, such as too
// many open files.
std::unique_ptr<Database> connect(const std::filesystem::path& path) {
  try {
    return std::make_unique<Database>(Database::open(path, Access::read_only));
  } catch (const OpenRefused& refused) {
    throw StorageError{StorageFailure::unavailable, refused.what()};
  }
}

}  // namespace

struct SqliteReader::State {
  std::filesystem::path path;
  std::mutex mutex;
  std::vector<std::unique_ptr<Database>> idle;
};

SqliteReader::SqliteReader(std::filesystem::path path, Workers& workers)
    : workers_{workers}, state_{std::make_unique<State>()} {
  state_->path = std::move(path);
}

SqliteReader::~SqliteReader() = default;

void SqliteReader::report(const StorageError& failure) {
  kLog.error("a query failed: {}", failure.internal_text());
}

SqliteReader::Lease::Lease(SqliteReader& reader) : reader_{reader} {
  {
    const std::lock_guard lock{reader_.state_->mutex};
    if (!reader_.state_->idle.empty()) {
      database_ = std::move(reader_.state_->idle.back());
      reader_.state_->idle.pop_back();
    }
  }
  if (!database_) database_ = connect(reader_.state_->path);
}

SqliteReader::Lease::~Lease() {
  const std::lock_guard lock{reader_.state_->mutex};
  reader_.state_->idle.push_back(std::move(database_));
}

}  // namespace ondol::storage
