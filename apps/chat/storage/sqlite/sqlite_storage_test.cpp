#include <atomic>
#include <csignal>
#include <fstream>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include <sys/resource.h>

#include <gmock/gmock.h>
#include <sqlite3.h>

#include <apps/chat/storage/chat_storage.hpp>
#include <ondol/base/error.hpp>
#include <ondol/runtime/runtime.hpp>
#include <ondol/storage/storage_error.hpp>
#include <ondol/storage/storage_test_support.hpp>

namespace chat {
namespace {

class SqliteStorageTest : public ::testing::Test {
 protected:
  SqliteStorageTest() {
    runtime_.start();
    open();
  }
  ~SqliteStorageTest() override {
    close();
    runtime_.stop();
  }

  void open() { storage_ = open_sqlite_storage(directory_.path(), runtime_.workers()); }
  void close() {
    if (storage_) storage_->stop();
    storage_.reset();
  }
  template <class T>
  T run(ondol::Task<T> task) {
    return ondol::storage::run_task(runtime_.loop(0), std::move(task));
  }
  ondol::storage::Running<Appended> append(std::string content) {
    return ondol::storage::run_on_loop(
        runtime_.loop(0), storage_->history().append(
                              {room_, alice_, std::move(content), std::nullopt, std::nullopt}));
  }
  void make_room() {
    alice_ = run(storage_->members().insert({"alice", "Alice", "hash"})).member_id;
    room_ = run(storage_->rooms().create_group({alice_, "room", {}})).room_no;
  }
  static int code_of(ondol::storage::Running<Appended> appended) {
    try {
      appended.get();
    } catch (const ondol::Error& error) {
      return error.code().value();
    }
    return 0;
  }

  ondol::storage::TemporaryDirectory directory_;
  ondol::Runtime runtime_{{.loops = 1, .workers = {.threads = 2, .max_queued = 1000}}};
  std::unique_ptr<ChatStorage> storage_;
  MemberId alice_;
  RoomNo room_;
};

TEST_F(SqliteStorageTest, keeps_everything_over_a_restart) {
  make_room();
  const RoomNo older = run(storage_->rooms().create_group({alice_, "older", {}})).room_no;
  append("one").get();
  close();
  open();

  EXPECT_EQ(append("two").get().message.seq, 2);
  EXPECT_TRUE(run(storage_->members().find_by_login("alice")));
  const RoomPage page = run(storage_->rooms().page(alice_, std::nullopt, 10));
  ASSERT_EQ(page.rooms.size(), 2U);
  EXPECT_EQ(page.rooms[0].last_message->content, "two");
  EXPECT_EQ(page.rooms[1].room_no, older);
}

// Counts the statements of every connection that is opened while it lives.
class CountedStatements {
 public:
  CountedStatements() { ::sqlite3_auto_extension(reinterpret_cast<void (*)()>(&attach)); }
  ~CountedStatements() { ::sqlite3_cancel_auto_extension(reinterpret_cast<void (*)()>(&attach)); }
  CountedStatements(const CountedStatements&) = delete;
  CountedStatements& operator=(const CountedStatements&) = delete;

  static int of(const std::function<void()>& work) {
    count = 0;
    work();
    return count;
  }

 private:
  static int attach(sqlite3* database, char**, const void*) {
    return ::sqlite3_trace_v2(
        database, SQLITE_TRACE_STMT,
        [](unsigned, void*, void*, void*) {
          ++count;
          return 0;
        },
        nullptr);
  }
  static inline std::atomic<int> count{0};
};

// CH-11.
TEST_F(SqliteStorageTest, lists_a_hundred_rooms_with_as_many_queries_as_ten) {
  close();
  const CountedStatements counted;
  open();
  make_room();
  const MemberId bob = run(storage_->members().insert({"bob", "Bob", "hash"})).member_id;
  const auto list = [&] {
    return CountedStatements::of(
        [&] { run(storage_->rooms().page(alice_, std::nullopt, RoomRepository::kMaxPage)); });
  };
  const auto make_rooms = [&](int n) {
    for (int i = 0; i < n; ++i) {
      room_ = run(storage_->rooms().create_group({alice_, "room", {bob}})).room_no;
      append("text").get();
    }
  };
  make_rooms(9);
  list();  // opens the connection, which takes statements of its own
  const int of_ten = list();
  make_rooms(90);
  ASSERT_EQ(
      run(storage_->rooms().page(alice_, std::nullopt, RoomRepository::kMaxPage)).rooms.size(),
      100U);
  EXPECT_GT(of_ten, 0);
  EXPECT_EQ(list(), of_ten);
}

TEST_F(SqliteStorageTest, orders_rooms_after_a_restart_as_before) {
  make_room();
  const RoomNo other = run(storage_->rooms().create_group({alice_, "other", {}})).room_no;
  close();
  open();
  append("text").get();

  const RoomPage page = run(storage_->rooms().page(alice_, std::nullopt, 10));
  ASSERT_EQ(page.rooms.size(), 2U);
  EXPECT_EQ(page.rooms[0].room_no, room_);
  EXPECT_EQ(page.rooms[1].room_no, other);
}

TEST_F(SqliteStorageTest, has_its_directory_for_itself) {
  EXPECT_THROW(open_sqlite_storage(directory_.path(), runtime_.workers()),
               ondol::storage::OpenRefused);
}

TEST_F(SqliteStorageTest, refuses_a_foreign_file) {
  close();
  std::ofstream{directory_.path() / "chat.db", std::ios::trunc}
      << "not a database, but long enough";

  EXPECT_THROW(open(), ondol::storage::OpenRefused);
}

TEST_F(SqliteStorageTest, fails_with_5030_while_the_disk_is_full_and_leaves_no_hole) {
  make_room();
  append("before").get();
  rlimit unlimited{};
  ASSERT_EQ(::getrlimit(RLIMIT_FSIZE, &unlimited), 0);
  const rlimit full{.rlim_cur = std::filesystem::file_size(directory_.path() / "chat.db-wal"),
                    .rlim_max = unlimited.rlim_max};
  const auto previous_handler = std::signal(SIGXFSZ, SIG_IGN);
  ASSERT_EQ(::setrlimit(RLIMIT_FSIZE, &full), 0);
  std::vector<ondol::storage::Running<Appended>> failing;
  for (int i = 0; i < 20; ++i) failing.push_back(append(std::string(5000, 'x')));
  std::vector<int> codes;
  for (auto& each : failing) codes.push_back(code_of(std::move(each)));
  ASSERT_EQ(::setrlimit(RLIMIT_FSIZE, &unlimited), 0);
  std::signal(SIGXFSZ, previous_handler);

  EXPECT_THAT(codes, testing::Each(5030));
  EXPECT_EQ(append("after").get().message.seq, 2);
  const HistoryPage page = run(storage_->history().page(room_, alice_, {}));
  ASSERT_EQ(page.messages.size(), 2U);
  EXPECT_EQ(page.messages[0].content, "before");
  EXPECT_EQ(page.messages[1].content, "after");
  EXPECT_EQ(run(storage_->rooms().find(room_, alice_)).last_read_seq, 2);
}

}  // namespace
}  // namespace chat
