// bench-sqlite-rate: how many chat messages per second SQLite itself makes durable on this disk,
// when each transaction holds --batch of them. One thread, WAL, synchronous=FULL, as our store has
// it; nothing but SQLite. `message` writes the three rows that a message changes (the message, its
// room's counters, its sender's watermark), `insert` the message alone.

#include <sqlite3.h>
#include <sys/resource.h>
#include <unistd.h>

#include <chrono>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <stdexcept>
#include <string>
#include <string_view>

namespace {

using Clock = std::chrono::steady_clock;

constexpr int kRooms = 16;
constexpr std::int64_t kMembers = 2 * kRooms;
constexpr std::size_t kContentSize = 128;

// The tables of apps/chat/storage/sqlite/migrations, as far as a message touches them.
constexpr const char* kSchema = R"(
  PRAGMA journal_mode = WAL;
  PRAGMA synchronous = FULL;
  PRAGMA foreign_keys = ON;
  CREATE TABLE member (member_id INTEGER PRIMARY KEY) STRICT;
  CREATE TABLE room (
    room_no INTEGER PRIMARY KEY, activity INTEGER NOT NULL, last_seq INTEGER NOT NULL,
    text_count INTEGER NOT NULL) STRICT;
  CREATE TABLE room_member (
    room_no INTEGER NOT NULL REFERENCES room, member_id INTEGER NOT NULL REFERENCES member,
    last_read_seq INTEGER NOT NULL, read_text_count INTEGER NOT NULL,
    PRIMARY KEY (room_no, member_id)) STRICT, WITHOUT ROWID;
  CREATE INDEX room_member_by_watermark ON room_member (room_no, last_read_seq);
  CREATE TABLE message (
    message_key INTEGER PRIMARY KEY, sender_id INTEGER NOT NULL REFERENCES member,
    type TEXT NOT NULL, content TEXT NOT NULL, client_id TEXT COLLATE NOCASE, reply_to INTEGER,
    sent_at INTEGER NOT NULL, text_count INTEGER NOT NULL) STRICT;
  CREATE UNIQUE INDEX message_by_client_id ON message (sender_id, client_id)
    WHERE client_id IS NOT NULL;
)";

class Database {
 public:
  explicit Database(const std::string& path) {
    if (sqlite3_open(path.c_str(), &handle_) != SQLITE_OK) fail();
  }
  Database(const Database&) = delete;
  Database& operator=(const Database&) = delete;
  ~Database() { sqlite3_close_v2(handle_); }

  void execute(const char* script) {
    if (sqlite3_exec(handle_, script, nullptr, nullptr, nullptr) != SQLITE_OK) fail();
  }
  sqlite3_stmt* prepare(std::string_view sql) {
    sqlite3_stmt* statement = nullptr;
    if (sqlite3_prepare_v3(handle_, sql.data(), static_cast<int>(sql.size()),
                           SQLITE_PREPARE_PERSISTENT, &statement, nullptr) != SQLITE_OK)
      fail();
    return statement;
  }
  void run(sqlite3_stmt* statement) {
    if (sqlite3_step(statement) != SQLITE_DONE) fail();
    sqlite3_reset(statement);
  }
  [[noreturn]] void fail() const { throw std::runtime_error{sqlite3_errmsg(handle_)}; }

 private:
  sqlite3* handle_ = nullptr;
};

class Messages {
 public:
  Messages(Database& database, bool counters) : database_{database}, counters_{counters} {
    database_.execute(kSchema);
    for (std::int64_t id = 1; id <= kMembers; ++id) {
      const std::string member = std::to_string(id);
      const std::string room = std::to_string((id + 1) / 2);
      if (id % 2 == 1)
        database_.execute(("INSERT INTO room VALUES (" + room + ", 0, 0, 0)").c_str());
      database_.execute(("INSERT INTO member VALUES (" + member + ")").c_str());
      database_.execute(
          ("INSERT INTO room_member VALUES (" + room + ", " + member + ", 0, 0)").c_str());
    }
    insert_ = database_.prepare(
        "INSERT INTO message (message_key, sender_id, type, content, client_id, reply_to,"
        " sent_at, text_count) VALUES (?1, ?2, 'text', ?3, NULL, NULL, ?4, ?5)");
    room_ = database_.prepare(
        "UPDATE room SET last_seq = ?2, text_count = ?2, activity = ?3 WHERE room_no = ?1");
    watermark_ = database_.prepare(
        "UPDATE room_member SET last_read_seq = ?3, read_text_count = ?3"
        " WHERE room_no = ?1 AND member_id = ?2");
  }
  Messages(const Messages&) = delete;
  Messages& operator=(const Messages&) = delete;
  ~Messages() {
    for (sqlite3_stmt* statement : {insert_, room_, watermark_}) sqlite3_finalize(statement);
  }

  void commit(int batch) {
    database_.execute("BEGIN IMMEDIATE");
    for (int i = 0; i < batch; ++i) write();
    database_.execute("COMMIT");
  }

 private:
  // The rooms take turns; the first member of each talks.
  void write() {
    const std::int64_t room = count_ % kRooms + 1;
    const std::int64_t sequence = count_ / kRooms + 1;
    const std::int64_t sender = 2 * room - 1;
    ++count_;
    sqlite3_bind_int64(insert_, 1, (room << 32) + sequence);
    sqlite3_bind_int64(insert_, 2, sender);
    sqlite3_bind_text(insert_, 3, content_.data(), static_cast<int>(content_.size()), nullptr);
    sqlite3_bind_int64(insert_, 4, count_);
    sqlite3_bind_int64(insert_, 5, sequence);
    database_.run(insert_);
    if (!counters_) return;
    sqlite3_bind_int64(room_, 1, room);
    sqlite3_bind_int64(room_, 2, sequence);
    sqlite3_bind_int64(room_, 3, count_);
    database_.run(room_);
    sqlite3_bind_int64(watermark_, 1, room);
    sqlite3_bind_int64(watermark_, 2, sender);
    sqlite3_bind_int64(watermark_, 3, sequence);
    database_.run(watermark_);
  }

  Database& database_;
  bool counters_;
  sqlite3_stmt* insert_ = nullptr;
  sqlite3_stmt* room_ = nullptr;
  sqlite3_stmt* watermark_ = nullptr;
  std::int64_t count_ = 0;
  const std::string content_ = std::string(kContentSize, 'x');
};

double cpu_seconds() {
  rusage usage{};
  ::getrusage(RUSAGE_SELF, &usage);
  const auto seconds = [](const timeval& time) {
    return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_usec) / 1e6;
  };
  return seconds(usage.ru_utime) + seconds(usage.ru_stime);
}

void measure(const std::filesystem::path& directory, int batch, double seconds, bool counters) {
  std::filesystem::create_directories(directory);
  const std::string path = (directory / "rate.db").string();
  const auto remove = [&path] {
    for (const char* suffix : {"", "-wal", "-shm"}) std::filesystem::remove(path + suffix);
  };
  remove();
  {
    Database database{path};
    Messages messages{database, counters};
    const auto begin = Clock::now();
    const double cpu = cpu_seconds();
    std::int64_t commits = 0;
    double wall = 0;
    while (wall < seconds) {
      messages.commit(batch);
      ++commits;
      wall = std::chrono::duration<double>(Clock::now() - begin).count();
    }
    const auto rows = static_cast<double>(commits * batch);
    std::printf(
        "{\"batch\":%d,\"messages_per_s\":%.1f,\"commits_per_s\":%.1f,"
        "\"cpu_us_per_message\":%.3f}\n",
        batch, rows / wall, static_cast<double>(commits) / wall,
        (cpu_seconds() - cpu) * 1e6 / rows);
  }
  remove();
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 5 || std::atoi(argv[2]) < 1) {
    std::fprintf(stderr, "usage: bench-sqlite-rate DIRECTORY BATCH SECONDS message|insert\n");
    return 2;
  }
  try {
    measure(argv[1], std::atoi(argv[2]), std::atof(argv[3]),
            std::string_view{argv[4]} == "message");
  } catch (const std::exception& e) {
    std::fprintf(stderr, "bench-sqlite-rate: %s\n", e.what());
    return 1;
  }
}
