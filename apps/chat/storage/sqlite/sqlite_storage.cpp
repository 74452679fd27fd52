#include <cstdint>
#include <utility>

#include <apps/chat/storage/chat_storage.hpp>
#include <apps/chat/storage/sqlite/migrations.hpp>
#include <apps/chat/storage/sqlite/sqlite_history.hpp>
#include <apps/chat/storage/sqlite/sqlite_members.hpp>
#include <apps/chat/storage/sqlite/sqlite_refresh_tokens.hpp>
#include <apps/chat/storage/sqlite/sqlite_rooms.hpp>
#include <ondol/storage/directory_lock.hpp>

namespace chat {

namespace {

using ondol::storage::Access;
using ondol::storage::Database;
using ondol::storage::DirectoryLock;
using ondol::storage::SqliteReader;
using ondol::storage::SqliteWriter;
using ondol::storage::Statement;

constexpr std::int32_t kApplicationId = 0x6f6e'6463;  // "ondc"
constexpr const char* kFileName = "chat.db";

Database open_database(const std::filesystem::path& path) {
  Database database = Database::open(path, Access::read_write);
  ondol::storage::prepare_schema(database, {"ondol-chat", kApplicationId, sqlite::migrations()});
  return database;
}

std::int64_t last_activity(Database& database) {
  Statement row = database.prepare("SELECT max(activity) FROM room");
  return row.step() ? row.integer(0) : 0;
}

class SqliteStorage final : public ChatStorage {
 public:
  SqliteStorage(DirectoryLock lock, Database database, ondol::Workers& workers)
      : lock_{std::move(lock)},
        clock_{last_activity(database)},
        reader_{database.path(), workers},
        writer_{std::move(database), SqliteWriter::Options{}} {}

  MemberRepository& members() override { return members_; }
  RefreshTokenRepository& refresh_tokens() override { return refresh_tokens_; }
  RoomRepository& rooms() override { return rooms_; }
  ChatHistory& history() override { return history_; }

  void on_committed(CommittedMessages listener) override { committed_ = std::move(listener); }

  ondol::Task<void> check() override {
    co_await writer_.write(
        [](Database& database) { database.prepare("SELECT 1 FROM schema_version").run(); });
    co_await reader_.read(
        [](Database& database) { database.prepare("SELECT 1 FROM schema_version").run(); });
  }

  void stop() override { writer_.stop(); }

 private:
  DirectoryLock lock_;
  sqlite::ActivityClock clock_;
  CommittedMessages committed_ = [](const ChatMessage&) {};
  SqliteReader reader_;
  SqliteWriter writer_;
  sqlite::SqliteMembers members_{reader_, writer_};
  sqlite::SqliteRefreshTokens refresh_tokens_{writer_};
  sqlite::SqliteRooms rooms_{reader_, writer_, clock_, committed_};
  sqlite::SqliteHistory history_{reader_, writer_, clock_, committed_};
};

}  // namespace

std::unique_ptr<ChatStorage> open_sqlite_storage(const std::filesystem::path& data_directory,
                                                 ondol::Workers& workers) {
  DirectoryLock lock{data_directory};
  Database database = open_database(data_directory / kFileName);
  return std::make_unique<SqliteStorage>(std::move(lock), std::move(database), workers);
}

}  // namespace chat
