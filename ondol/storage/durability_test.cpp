#include <ondol/storage/sqlite_writer.hpp>

#include <array>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <sqlite3.h>

#include <gmock/gmock.h>

#include <ondol/runtime/runtime.hpp>
#include <ondol/storage/schema.hpp>
#include <ondol/storage/storage_test_support.hpp>

namespace ondol::storage {
namespace {

// What happened, in order: w, the journal was written; s, it was synced; c, a write was told to be
// committed; r, its caller was resumed.
class Recording {
 public:
  void add(char what) {
    const std::lock_guard lock{mutex_};
    events_ += what;
  }
  std::string take() {
    const std::lock_guard lock{mutex_};
    return std::exchange(events_, {});
  }

 private:
  std::mutex mutex_;
  std::string events_;
};

Recording& recording() {
  static Recording the_recording;
  return the_recording;
}

// The system's own VFS, whose journals say when they are written and synced.
struct RecordingVfs {
  static inline sqlite3_vfs* real = nullptr;
  static inline sqlite3_vfs vfs{};
  static inline sqlite3_io_methods real_methods{};
  static inline sqlite3_io_methods methods{};

  static int write(sqlite3_file* file, const void* data, int size, sqlite3_int64 offset) {
    recording().add('w');
    return real_methods.xWrite(file, data, size, offset);
  }
  static int sync(sqlite3_file* file, int flags) {
    const int result = real_methods.xSync(file, flags);
    recording().add('s');
    return result;
  }
  static int open(sqlite3_vfs*, sqlite3_filename name, sqlite3_file* file, int flags,
                  int* out_flags) {
    const int result = real->xOpen(real, name, file, flags, out_flags);
    if (result == SQLITE_OK && (flags & SQLITE_OPEN_WAL) != 0) {
      real_methods = *file->pMethods;
      methods = real_methods;
      methods.xWrite = write;
      methods.xSync = sync;
      file->pMethods = &methods;
    }
    return result;
  }

  RecordingVfs() {
    real = sqlite3_vfs_find(nullptr);
    vfs = *real;
    vfs.zName = "recording";
    vfs.xOpen = open;
    sqlite3_vfs_register(&vfs, 1);
  }
  RecordingVfs(const RecordingVfs&) = delete;
  RecordingVfs& operator=(const RecordingVfs&) = delete;
  ~RecordingVfs() {
    sqlite3_vfs_unregister(&vfs);
    sqlite3_vfs_register(real, 1);
  }
};

constexpr std::array<Migration, 1> kMigrations{
    {{"V001__item.sql", "CREATE TABLE item (id INTEGER PRIMARY KEY);"}}};

// CH-22: the RECEIPT and the publication follow `committed` and the resumption.
TEST(Durability, a_sync_stands_between_the_last_write_and_the_answer) {
  const RecordingVfs vfs;
  const TemporaryDirectory directory;
  Runtime runtime{{.loops = 1, .workers = {.threads = 1, .max_queued = 10}}};
  runtime.start();
  Database database = Database::open(directory.path() / "test.db", Access::read_write);
  prepare_schema(database, {"test", 1, kMigrations});
  SqliteWriter writer{std::move(database), {}};
  recording().take();

  for (int i = 0; i < 20; ++i) {
    auto task =
        writer.write([](Database& one) { one.prepare("INSERT INTO item DEFAULT VALUES").run(); },
                     [] { recording().add('c'); });
    auto resumed = [](Task<void> write) -> Task<int> {
      co_await std::move(write);
      recording().add('r');
      co_return 0;
    };
    run_task(runtime.loop(0), resumed(std::move(task)));

    const std::string events = recording().take();
    const auto written = events.find_last_of('w');
    const auto synced = events.find('s', written == std::string::npos ? 0 : written);
    const auto committed = events.find('c');
    ASSERT_NE(written, std::string::npos) << events;
    ASSERT_NE(synced, std::string::npos) << events;
    EXPECT_LT(synced, committed) << events;
    EXPECT_LT(committed, events.find('r')) << events;
  }
  writer.stop();
  runtime.stop();
}

}  // namespace
}  // namespace ondol::storage
