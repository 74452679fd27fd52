#include <ondol/storage/sqlite.hpp>

#include <cerrno>
#include <system_error>
#include <unordered_map>
#include <utility>

#include <fcntl.h>
#include <sqlite3.h>
#include <sys/stat.h>
#include <unistd.h>

#include <ondol/storage/storage_error.hpp>

namespace ondol::storage {

namespace {

constexpr int kBusyTimeoutMilliseconds = 5000;

StorageFailure failure_of(int result) {
  switch (result & 0xff) {
    case SQLITE_CONSTRAINT:
      return StorageFailure::constraint;
    case SQLITE_FULL:
    case SQLITE_IOERR:
    case SQLITE_BUSY:
    case SQLITE_LOCKED:
    case SQLITE_NOMEM:
    case SQLITE_CANTOPEN:
    case SQLITE_READONLY:
    case SQLITE_PROTOCOL:
    case SQLITE_CORRUPT:
    case SQLITE_NOTADB:
      return StorageFailure::unavailable;
    default:
      return StorageFailure::internal;
  }
}

[[noreturn]] void fail(sqlite3* connection, int result, std::string_view sql) {
  throw StorageError{failure_of(result), std::string{sqlite3_errmsg(connection)} + " (" +
                                             std::to_string(result) + ") in: " + std::string{sql}};
}

// SQLite takes the permissions of its journals from the database file, so it is enough to create
// that one.
void create_private_file(const std::filesystem::path& path) {
  const int descriptor = ::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, S_IRUSR | S_IWUSR);
  if (descriptor < 0) {
    throw OpenRefused{"The database " + path.string() +
                      " cannot be opened: " + std::generic_category().message(errno) + "."};
  }
  ::close(descriptor);
}

}  // namespace

struct PreparedStatement {
  PreparedStatement() = default;
  PreparedStatement(const PreparedStatement&) = delete;
  PreparedStatement& operator=(const PreparedStatement&) = delete;
  ~PreparedStatement() { sqlite3_finalize(handle); }

  sqlite3_stmt* handle = nullptr;
};

struct Database::State {
  State() = default;
  State(const State&) = delete;
  State& operator=(const State&) = delete;
  ~State() {
    prepared.clear();
    sqlite3_close_v2(connection);
  }

  std::filesystem::path path;
  sqlite3* connection = nullptr;
  std::unordered_map<std::string_view, std::shared_ptr<PreparedStatement>> prepared;
};

Statement::Statement(std::shared_ptr<PreparedStatement> prepared)
    : prepared_{std::move(prepared)} {}

Statement::Statement(Statement&& other) noexcept = default;

Statement::~Statement() {
  if (!prepared_) return;
  // A statement left in the middle of its rows would keep its snapshot, and with it the journal,
  // alive.
  sqlite3_reset(prepared_->handle);
  sqlite3_clear_bindings(prepared_->handle);
}

void Statement::reset() {
  sqlite3_reset(prepared_->handle);
}

bool Statement::step() {
  const int result = sqlite3_step(prepared_->handle);
  if (result == SQLITE_ROW) return true;
  if (result == SQLITE_DONE) return false;
  fail(sqlite3_db_handle(prepared_->handle), result, sqlite3_sql(prepared_->handle));
}

void Statement::run() {
  while (step()) {
  }
}

bool Statement::is_null(int column) const {
  return sqlite3_column_type(prepared_->handle, column) == SQLITE_NULL;
}

std::int64_t Statement::integer(int column) const {
  return sqlite3_column_int64(prepared_->handle, column);
}

std::string Statement::text(int column) const {
  const unsigned char* text = sqlite3_column_text(prepared_->handle, column);
  if (text == nullptr) return {};
  const int size = sqlite3_column_bytes(prepared_->handle, column);
  return {reinterpret_cast<const char*>(text), static_cast<std::size_t>(size)};
}

std::optional<std::int64_t> Statement::optional_integer(int column) const {
  if (is_null(column)) return std::nullopt;
  return integer(column);
}

std::optional<std::string> Statement::optional_text(int column) const {
  if (is_null(column)) return std::nullopt;
  return text(column);
}

void Statement::bind_integer(int index, std::int64_t value) {
  const int result = sqlite3_bind_int64(prepared_->handle, index, value);
  if (result != SQLITE_OK) {
    fail(sqlite3_db_handle(prepared_->handle), result, sqlite3_sql(prepared_->handle));
  }
}

void Statement::bind_text(int index, std::string_view value) {
  const int result =
      sqlite3_bind_text64(prepared_->handle, index, value.empty() ? "" : value.data(), value.size(),
                          SQLITE_TRANSIENT, SQLITE_UTF8);
  if (result != SQLITE_OK) {
    fail(sqlite3_db_handle(prepared_->handle), result, sqlite3_sql(prepared_->handle));
  }
}

void Statement::bind_null(int index) {
  const int result = sqlite3_bind_null(prepared_->handle, index);
  if (result != SQLITE_OK) {
    fail(sqlite3_db_handle(prepared_->handle), result, sqlite3_sql(prepared_->handle));
  }
}

Database::Database(std::unique_ptr<State> state) : state_{std::move(state)} {}
Database::Database(Database&&) noexcept = default;
Database& Database::operator=(Database&&) noexcept = default;
Database::~Database() = default;

Database Database::open(const std::filesystem::path& path, Access access) {
  if (access == Access::read_write) create_private_file(path);
  auto state = std::make_unique<State>();
  state->path = path;
  const int mode = access == Access::read_write ? SQLITE_OPEN_READWRITE : SQLITE_OPEN_READONLY;
  const int result = sqlite3_open_v2(path.c_str(), &state->connection,
                                     mode | SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_EXRESCODE, nullptr);
  if (result != SQLITE_OK) {
    throw OpenRefused{"The database " + path.string() +
                      " cannot be opened: " + sqlite3_errstr(result) + "."};
  }
  sqlite3_busy_timeout(state->connection, kBusyTimeoutMilliseconds);
  Database database{std::move(state)};
  try {
    database.execute("PRAGMA foreign_keys = ON; PRAGMA synchronous = FULL;");
    if (access == Access::read_write) {
      // 32 MiB of pages, so that the places where random keys go are not read again each time; and
      // a checkpoint every 16 MiB of journal, for each of them writes such a page once.
      database.execute("PRAGMA cache_size = -32768; PRAGMA wal_autocheckpoint = 4096;");
    }
  } catch (const StorageError& failure) {
    throw OpenRefused{"The database " + path.string() +
                      " cannot be opened: " + failure.internal_text() + "."};
  }
  return database;
}

const std::filesystem::path& Database::path() const {
  return state_->path;
}

Statement Database::prepare(std::string_view sql) {
  const auto found = state_->prepared.find(sql);
  if (found != state_->prepared.end() && found->second.use_count() == 1) {
    return Statement{found->second};
  }
  auto prepared = std::make_shared<PreparedStatement>();
  const bool keep = found == state_->prepared.end() && state_->prepared.size() < kMaxPrepared;
  const int result =
      sqlite3_prepare_v3(state_->connection, sql.data(), static_cast<int>(sql.size()),
                         keep ? SQLITE_PREPARE_PERSISTENT : 0U, &prepared->handle, nullptr);
  if (result != SQLITE_OK) fail(state_->connection, result, sql);
  if (prepared->handle == nullptr) throw StorageError{StorageFailure::internal, "empty statement"};
  // The key is the copy of the text that SQLite keeps with the statement.
  if (keep) state_->prepared.emplace(sqlite3_sql(prepared->handle), prepared);
  return Statement{std::move(prepared)};
}

void Database::execute(std::string_view script) {
  const std::string terminated{script};
  const int result =
      sqlite3_exec(state_->connection, terminated.c_str(), nullptr, nullptr, nullptr);
  if (result != SQLITE_OK) fail(state_->connection, result, script);
}

bool Database::in_transaction() const {
  return sqlite3_get_autocommit(state_->connection) == 0;
}

std::int64_t Database::last_insert_id() const {
  return sqlite3_last_insert_rowid(state_->connection);
}

std::int64_t Database::changed_rows() const {
  return sqlite3_changes64(state_->connection);
}

std::int64_t Database::total_changed_rows() const {
  return sqlite3_total_changes64(state_->connection);
}

Transaction::Transaction(Database& database, TransactionKind kind) : database_{database} {
  database_.prepare(kind == TransactionKind::read ? "BEGIN" : "BEGIN IMMEDIATE").run();
}

Transaction::~Transaction() {
  // Some failures, a full disk among them, roll back by themselves.
  if (!open_ || !database_.in_transaction()) return;
  try {
    database_.prepare("ROLLBACK").run();
  } catch (const StorageError&) {
    // The transaction is over in any case: its changes never reach the database without a COMMIT.
  }
}

void Transaction::commit() {
  database_.prepare("COMMIT").run();
  open_ = false;
}

}  // namespace ondol::storage
