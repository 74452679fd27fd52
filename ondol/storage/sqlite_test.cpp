#include <ondol/storage/sqlite.hpp>

#include <optional>
#include <string>

#include <gtest/gtest.h>

#include <ondol/storage/storage_error.hpp>
#include <ondol/storage/storage_test_support.hpp>

namespace ondol::storage {
namespace {

class SqliteTest : public ::testing::Test {
 protected:
  SqliteTest() {
    database_.execute("CREATE TABLE item (id INTEGER PRIMARY KEY, name TEXT UNIQUE) STRICT");
  }

  void insert(std::optional<std::string> name) {
    database_.prepare("INSERT INTO item (name) VALUES (?1)").bind(name).run();
  }
  std::int64_t count() {
    Statement statement = database_.prepare("SELECT count(*) FROM item");
    statement.step();
    return statement.integer(0);
  }
  StorageError failure_of(std::string_view sql) {
    try {
      database_.prepare(sql).run();
    } catch (const StorageError& failure) {
      return failure;
    }
    return {StorageFailure::internal, "no failure"};
  }

  TemporaryDirectory directory_;
  std::filesystem::path file_ = directory_.path() / "test.db";
  Database database_ = Database::open(file_, Access::read_write);
};

TEST_F(SqliteTest, gives_back_what_was_bound) {
  const std::string text{"안녕\0하세요", 16};
  insert(text);
  insert(std::nullopt);
  insert("");

  Statement rows = database_.prepare("SELECT id, name FROM item ORDER BY id");
  ASSERT_TRUE(rows.step());
  EXPECT_EQ(rows.integer(0), 1);
  EXPECT_EQ(rows.text(1), text);
  ASSERT_TRUE(rows.step());
  EXPECT_EQ(rows.optional_text(1), std::nullopt);
  ASSERT_TRUE(rows.step());
  EXPECT_EQ(rows.optional_text(1), "");
  EXPECT_FALSE(rows.step());
}

TEST_F(SqliteTest, lets_the_same_text_be_used_twice_at_once) {
  insert("a");
  insert("b");
  constexpr std::string_view kSql = "SELECT name FROM item ORDER BY name";

  Statement outer = database_.prepare(kSql);
  ASSERT_TRUE(outer.step());
  Statement inner = database_.prepare(kSql);
  ASSERT_TRUE(inner.step());
  ASSERT_TRUE(inner.step());

  EXPECT_EQ(outer.text(0), "a");
  EXPECT_EQ(inner.text(0), "b");
}

TEST_F(SqliteTest, keeps_a_statement_usable_when_its_text_was_temporary) {
  for (int i = 0; i < 3; ++i) {
    const std::string sql = std::string{"SELECT "} + "count(*) FROM item WHERE id > ?1";
    Statement statement = database_.prepare(sql);
    ASSERT_TRUE(statement.bind(0).step());
    EXPECT_EQ(statement.integer(0), 0);
  }
}

TEST_F(SqliteTest, goes_on_when_more_texts_are_used_than_are_kept) {
  for (std::size_t i = 0; i < Database::kMaxPrepared + 10; ++i) {
    Statement statement = database_.prepare("SELECT " + std::to_string(i));
    ASSERT_TRUE(statement.step());
    EXPECT_EQ(statement.integer(0), static_cast<std::int64_t>(i));
  }
}

TEST_F(SqliteTest, tells_apart_why_a_statement_failed) {
  insert("a");

  const StorageError taken = failure_of("INSERT INTO item (name) VALUES ('a')");
  EXPECT_EQ(taken.failure(), StorageFailure::constraint);
  EXPECT_EQ(taken.code(), ErrorCode{5000});
  const StorageError wrong = failure_of("SELECT nothing FROM item");
  EXPECT_EQ(wrong.failure(), StorageFailure::internal);
}

TEST_F(SqliteTest,
       says_service_unavailable_and_keeps_the_reason_for_the_log_when_the_disk_is_full) {
  database_.prepare("PRAGMA max_page_count = 3").run();

  const StorageError full = failure_of("INSERT INTO item (name) VALUES (hex(zeroblob(100000)))");

  EXPECT_EQ(full.failure(), StorageFailure::unavailable);
  EXPECT_EQ(full.code(), ErrorCode{5030});
  EXPECT_STREQ(full.what(), "service unavailable");
  EXPECT_NE(full.internal_text().find("full"), std::string::npos);
}

TEST_F(SqliteTest, rolls_back_a_transaction_that_was_not_committed) {
  {
    const Transaction transaction{database_, TransactionKind::write};
    insert("a");
  }
  EXPECT_EQ(count(), 0);
  {
    Transaction transaction{database_, TransactionKind::write};
    insert("a");
    transaction.commit();
  }
  EXPECT_EQ(count(), 1);
  EXPECT_FALSE(database_.in_transaction());
}

TEST_F(SqliteTest, checks_foreign_keys) {
  database_.execute("CREATE TABLE part (item_id INTEGER REFERENCES item)");

  EXPECT_EQ(failure_of("INSERT INTO part VALUES (99)").failure(), StorageFailure::constraint);
}

TEST_F(SqliteTest, lets_a_read_only_connection_write_nothing) {
  Database reader = Database::open(file_, Access::read_only);

  EXPECT_THROW(reader.prepare("INSERT INTO item (name) VALUES ('a')").run(), StorageError);
}

TEST_F(SqliteTest, creates_the_file_for_its_owner_alone) {
  using std::filesystem::perms;
  EXPECT_EQ(std::filesystem::status(file_).permissions(), perms::owner_read | perms::owner_write);
}

TEST_F(SqliteTest, refuses_to_open_a_missing_file_for_reading) {
  EXPECT_THROW(Database::open(directory_.path() / "missing.db", Access::read_only), OpenRefused);
}

}  // namespace
}  // namespace ondol::storage
