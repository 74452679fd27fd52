#include <ondol/storage/sqlite_writer.hpp>

#include <array>
#include <atomic>
#include <csignal>
#include <latch>
#include <optional>
#include <stdexcept>
#include <string>
#include <thread>
#include <vector>

#include <sys/resource.h>

#include <gmock/gmock.h>

#include <ondol/runtime/runtime.hpp>
#include <ondol/storage/schema.hpp>
#include <ondol/storage/sqlite_reader.hpp>
#include <ondol/storage/storage_error.hpp>
#include <ondol/storage/storage_test_support.hpp>

namespace ondol::storage {
namespace {

constexpr std::array<Migration, 1> kMigrations{
    {{"V001__item.sql", "CREATE TABLE item (id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE);"}}};

class SqliteWriterTest : public ::testing::Test {
 protected:
  SqliteWriterTest() {
    Database database = Database::open(file_, Access::read_write);
    prepare_schema(database, {"test", 1, kMigrations});
    writer_.emplace(std::move(database), SqliteWriter::Options{.max_queued = 8, .max_batch = 4});
    runtime_.start();
  }
  ~SqliteWriterTest() override {
    writer_->stop();
    runtime_.stop();
  }

  static std::int64_t insert_into(Database& database, const std::string& name) {
    database.prepare("INSERT INTO item (name) VALUES (?1)").bind(name).run();
    return database.last_insert_id();
  }
  Running<std::int64_t> insert(std::string name, std::size_t loop = 0) {
    return run_on_loop(runtime_.loop(loop),
                       writer_->write([name = std::move(name)](Database& database) {
                         return insert_into(database, name);
                       }));
  }
  std::vector<std::string> names() {
    auto task = reader_.read([](Database& database) {
      std::vector<std::string> found;
      Statement rows = database.prepare("SELECT name FROM item ORDER BY id");
      while (rows.step()) found.push_back(rows.text(0));
      return found;
    });
    return run_task(runtime_.loop(1), std::move(task));
  }

  // Holds the writer inside a transaction, so that what follows is queued and becomes one batch.
  class Hold {
   public:
    explicit Hold(SqliteWriterTest& test) {
      ended_ = run_on_loop(test.runtime_.loop(0), test.writer_->write([this](Database&) {
        entered_.count_down();
        released_.wait();
      }));
      entered_.wait();
    }
    ~Hold() { release(); }
    Hold(const Hold&) = delete;
    Hold& operator=(const Hold&) = delete;
    void release() {
      if (!ended_) return;
      released_.count_down();
      ended_->get();
      ended_.reset();
    }

   private:
    std::latch entered_{1};
    std::latch released_{1};
    std::optional<Running<void>> ended_;
  };

  // Everything posted to this loop before is done.
  void settle(std::size_t loop = 0) {
    runtime_.run_on(runtime_.loop(loop), [] {});
  }

  template <class T>
  static StorageError failure_of(Running<T> future) {
    try {
      future.get();
    } catch (const StorageError& failure) {
      return failure;
    }
    return {StorageFailure::internal, "no failure"};
  }

  TemporaryDirectory directory_;
  std::filesystem::path file_ = directory_.path() / "test.db";
  Runtime runtime_{{.loops = 2, .workers = {.threads = 2, .max_queued = 100}}};
  std::optional<SqliteWriter> writer_;
  SqliteReader reader_{file_, runtime_.workers()};
};

TEST_F(SqliteWriterTest, gives_the_result_to_the_one_who_waits) {
  EXPECT_EQ(insert("a").get(), 1);
  EXPECT_EQ(insert("b").get(), 2);
  EXPECT_THAT(names(), testing::ElementsAre("a", "b"));
}

TEST_F(SqliteWriterTest, resumes_on_the_loop_of_the_caller) {
  auto where = [](SqliteWriter& writer) -> Task<Loop*> {
    co_await writer.write([](Database& database) { insert_into(database, "a"); });
    co_return &Loop::current();
  };

  EXPECT_EQ(run_task(runtime_.loop(1), where(*writer_)), &runtime_.loop(1));
}

TEST_F(SqliteWriterTest, does_what_queued_meanwhile_in_one_transaction_and_answers_in_order) {
  Hold hold{*this};
  std::vector<int> answered;
  std::atomic<int> commits = 0;
  std::vector<Running<void>> tasks;
  auto note = [&](int number) -> Task<void> {
    const bool first = co_await writer_->write([&, number](Database& database) {
      // Visible to this connection before the commit, to the others only after it.
      Statement seen = database.prepare("SELECT count(*) FROM item");
      seen.step();
      insert_into(database, std::to_string(number));
      return seen.integer(0) == 0;
    });
    if (first) ++commits;
    answered.push_back(number);
  };
  for (int number = 0; number < 4; ++number) {
    tasks.push_back(run_on_loop(runtime_.loop(0), note(number)));
  }
  settle();
  EXPECT_THAT(names(), testing::IsEmpty());
  hold.release();
  for (auto& task : tasks) task.get();

  EXPECT_EQ(commits, 1);
  EXPECT_THAT(answered, testing::ElementsAre(0, 1, 2, 3));
  EXPECT_THAT(names(), testing::ElementsAre("0", "1", "2", "3"));
}

TEST_F(SqliteWriterTest, undoes_a_failing_job_alone) {
  Hold hold{*this};
  auto good = insert("good");
  auto thrown = run_on_loop(runtime_.loop(0), writer_->write([](Database& database) {
    insert_into(database, "half");
    throw Error{ErrorCode{4090}, "thought better of it"};
  }));
  auto taken = insert("good");
  auto last = insert("last");
  settle();
  hold.release();

  EXPECT_EQ(good.get(), 1);
  EXPECT_THROW(thrown.get(), Error);
  EXPECT_EQ(failure_of(std::move(taken)).failure(), StorageFailure::constraint);
  EXPECT_NO_THROW(last.get());
  EXPECT_THAT(names(), testing::ElementsAre("good", "last"));
}

TEST_F(SqliteWriterTest, fails_the_whole_batch_when_the_disk_fills_and_recovers) {
  auto limit_pages = [&](std::string pragma) {
    run_task(runtime_.loop(0),
             writer_->write([pragma](Database& database) { database.prepare(pragma).run(); }));
  };
  insert("before").get();
  limit_pages("PRAGMA max_page_count = 8");
  {
    Hold hold{*this};
    auto small = insert("small");
    auto big = insert(std::string(100'000, 'x'));
    auto other = insert("other", 1);
    settle(0);
    settle(1);
    hold.release();

    for (auto* each : {&small, &big, &other}) {
      EXPECT_EQ(failure_of(std::move(*each)).code(), ErrorCode{5030});
    }
  }
  EXPECT_THAT(names(), testing::ElementsAre("before"));

  limit_pages("PRAGMA max_page_count = 1000000");
  EXPECT_NO_THROW(insert(std::string(100'000, 'x')).get());
  EXPECT_NO_THROW(insert("after").get());
}

TEST_F(SqliteWriterTest, fails_the_whole_batch_when_the_commit_fails_and_recovers) {
  insert("before").get();
  // The journal may grow no further, as on a full disk: the inserts succeed in memory, the commit
  // does not.
  const auto journal = std::filesystem::file_size(file_.string() + "-wal");
  const auto previous_handler = std::signal(SIGXFSZ, SIG_IGN);
  rlimit unlimited{};
  ASSERT_EQ(::getrlimit(RLIMIT_FSIZE, &unlimited), 0);
  const rlimit full{.rlim_cur = journal, .rlim_max = unlimited.rlim_max};
  {
    Hold hold{*this};
    auto first = insert("first");
    auto second = insert("second", 1);
    settle(0);
    settle(1);
    ASSERT_EQ(::setrlimit(RLIMIT_FSIZE, &full), 0);
    hold.release();
    const StorageError failure = failure_of(std::move(first));
    const StorageError other = failure_of(std::move(second));
    ASSERT_EQ(::setrlimit(RLIMIT_FSIZE, &unlimited), 0);
    std::signal(SIGXFSZ, previous_handler);

    EXPECT_EQ(failure.code(), ErrorCode{5030});
    EXPECT_NE(failure.internal_text().find("COMMIT"), std::string::npos) << failure.internal_text();
    EXPECT_EQ(other.code(), ErrorCode{5030});
  }
  EXPECT_THAT(names(), testing::ElementsAre("before"));

  EXPECT_NO_THROW(insert("after").get());
  EXPECT_THAT(names(), testing::ElementsAre("before", "after"));
}

TEST_F(SqliteWriterTest, refuses_with_5030_what_exceeds_its_queue) {
  Hold hold{*this};
  std::vector<Running<std::int64_t>> accepted;
  for (int i = 0; i < 7; ++i) accepted.push_back(insert(std::to_string(i)));
  auto refused = insert("too many");
  EXPECT_EQ(failure_of(std::move(refused)).code(), ErrorCode{5030});
  hold.release();

  for (auto& each : accepted) EXPECT_NO_THROW(each.get());
  EXPECT_NO_THROW(insert("room again").get());
}

TEST_F(SqliteWriterTest, finishes_what_is_queued_before_it_stops_and_refuses_the_rest) {
  Hold hold{*this};
  auto queued = insert("queued");
  settle();
  std::thread stopping{[this] { writer_->stop(); }};
  hold.release();
  stopping.join();

  EXPECT_NO_THROW(queued.get());
  EXPECT_EQ(failure_of(insert("late")).code(), ErrorCode{5030});
  EXPECT_THAT(names(), testing::ElementsAre("queued"));
}

TEST_F(SqliteWriterTest, shows_readers_one_snapshot) {
  insert("a").get();
  std::latch first_read{1};
  std::latch written{1};
  auto counts = run_on_loop(runtime_.loop(1), reader_.read([&](Database& database) {
    auto count = [&] {
      Statement statement = database.prepare("SELECT count(*) FROM item");
      statement.step();
      return statement.integer(0);
    };
    const auto before = count();
    first_read.count_down();
    written.wait();
    return std::vector{before, count()};
  }));
  first_read.wait();
  insert("b").get();
  written.count_down();

  EXPECT_THAT(counts.get(), testing::ElementsAre(1, 1));
  EXPECT_THAT(names(), testing::ElementsAre("a", "b"));
}

TEST_F(SqliteWriterTest, passes_on_what_a_reader_throws) {
  auto task = reader_.read([](Database&) { throw Error{ErrorCode{4040}, "no such item"}; });

  EXPECT_THROW(run_task(runtime_.loop(0), std::move(task)), Error);
}

}  // namespace
}  // namespace ondol::storage
