#include <ondol/storage/schema.hpp>

#include <array>
#include <fstream>
#include <iterator>
#include <string>

#include <gmock/gmock.h>

#include <ondol/storage/sqlite.hpp>
#include <ondol/storage/storage_error.hpp>
#include <ondol/storage/storage_test_support.hpp>

namespace ondol::storage {
namespace {

constexpr std::array<Migration, 3> kMigrations{{
    {"V001__items.sql", "CREATE TABLE item (name TEXT); CREATE INDEX by_name ON item (name);"},
    {"V002__first_item.sql", "INSERT INTO item VALUES ('first');"},
    {"V003__broken.sql", "INSERT INTO item VALUES ('second'); INSERT INTO nowhere VALUES (1);"},
}};

Schema schema_of(std::size_t versions) {
  return {.product = "a-product",
          .application_id = 4711,
          .migrations = std::span{kMigrations}.first(versions)};
}

class SchemaTest : public ::testing::Test {
 protected:
  Database open() { return Database::open(file_, Access::read_write); }

  std::string refusal_of(const Schema& schema) {
    try {
      Database database = open();
      prepare_schema(database, schema);
    } catch (const OpenRefused& refused) {
      return refused.what();
    }
    return "not refused";
  }

  std::int64_t integer(std::string_view sql) {
    Database database = open();
    Statement statement = database.prepare(sql);
    return statement.step() ? statement.integer(0) : -1;
  }

  std::string bytes() const {
    std::ifstream in{file_, std::ios::binary};
    return {std::istreambuf_iterator<char>{in}, {}};
  }

  TemporaryDirectory directory_;
  std::filesystem::path file_ = directory_.path() / "test.db";
};

TEST_F(SchemaTest, applies_each_migration_once) {
  EXPECT_EQ(refusal_of(schema_of(1)), "not refused");
  EXPECT_EQ(refusal_of(schema_of(2)), "not refused");
  EXPECT_EQ(refusal_of(schema_of(2)), "not refused");

  EXPECT_EQ(integer("SELECT count(*) FROM item"), 1);
  EXPECT_EQ(integer("SELECT count(*) FROM schema_version"), 2);
  EXPECT_EQ(integer("SELECT count(*) FROM schema_version WHERE name = 'first_item'"), 1);
}

TEST_F(SchemaTest, applies_a_migration_whole_or_not_at_all) {
  EXPECT_THAT(refusal_of(schema_of(3)), testing::HasSubstr("could not be prepared: no such table"));

  EXPECT_EQ(integer("SELECT count(*) FROM item"), 1);
  EXPECT_EQ(integer("SELECT max(version) FROM schema_version"), 2);
}

TEST_F(SchemaTest, refuses_a_newer_version_and_names_both) {
  refusal_of(schema_of(2));

  EXPECT_THAT(
      refusal_of(schema_of(1)),
      testing::HasSubstr("has schema version 2, but this a-product knows only versions up to 1"));
}

TEST_F(SchemaTest, refuses_the_database_of_something_else_and_leaves_it_alone) {
  {
    Database foreign = open();
    foreign.execute("CREATE TABLE song (title TEXT)");
  }
  const std::string before = bytes();

  EXPECT_THAT(refusal_of(schema_of(1)), testing::HasSubstr("is not a database of a-product"));
  EXPECT_EQ(bytes(), before);
}

TEST_F(SchemaTest, refuses_a_database_with_another_application_id) {
  refusal_of(schema_of(1));
  Schema other = schema_of(1);
  other.application_id = 4712;

  EXPECT_THAT(refusal_of(other), testing::HasSubstr("application id is 4711, expected 4712"));
}

TEST_F(SchemaTest, refuses_a_file_that_is_no_database) {
  std::ofstream{file_} << std::string(8192, 'x');

  EXPECT_THAT(refusal_of(schema_of(1)), testing::HasSubstr("file is not a database"));
}

TEST_F(SchemaTest, refuses_misnumbered_migrations) {
  Database database = open();
  const std::array<Migration, 1> gap{{{"V002__items.sql", ""}}};
  const std::array<Migration, 1> unnamed{{{"items.sql", ""}}};

  EXPECT_THROW(prepare_schema(database, {"p", 1, gap}), std::invalid_argument);
  EXPECT_THROW(prepare_schema(database, {"p", 1, unnamed}), std::invalid_argument);
}

TEST_F(SchemaTest, switches_to_write_ahead_logging) {
  refusal_of(schema_of(1));

  Database database = open();
  Statement mode = database.prepare("PRAGMA journal_mode");
  ASSERT_TRUE(mode.step());
  EXPECT_EQ(mode.text(0), "wal");
}

}  // namespace
}  // namespace ondol::storage
