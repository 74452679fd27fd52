#include <ondol/storage/schema.hpp>

#include <optional>
#include <stdexcept>
#include <utility>
#include <vector>

#include <ondol/base/text.hpp>
#include <ondol/storage/sqlite.hpp>
#include <ondol/storage/storage_error.hpp>

namespace ondol::storage {

namespace {

struct Step {
  std::int64_t version = 0;
  std::string_view name;
  std::string_view sql;
};

Step parse_step(const Migration& migration) {
  std::string_view name = migration.file_name;
  const auto middle = name.find("__");
  if (name.starts_with('V') && name.ends_with(".sql") && middle != std::string_view::npos) {
    const auto version = parse_number<std::int64_t>(name.substr(1, middle - 1));
    name.remove_prefix(middle + 2);
    name.remove_suffix(4);
    if (version && !name.empty()) return {*version, name, migration.sql};
  }
  throw std::invalid_argument{"A migration is named like V001__rooms.sql, not " +
                              std::string{migration.file_name} + "."};
}

std::vector<Step> parse_steps(const Schema& schema) {
  std::vector<Step> steps;
  for (const Migration& migration : schema.migrations) {
    steps.push_back(parse_step(migration));
    if (steps.back().version != static_cast<std::int64_t>(steps.size())) {
      throw std::invalid_argument{"Migration " + std::string{migration.file_name} +
                                  " does not follow its predecessor."};
    }
  }
  return steps;
}

std::int64_t single_integer(Database& database, std::string_view sql) {
  Statement statement = database.prepare(sql);
  return statement.step() ? statement.integer(0) : 0;
}

bool is_new(Database& database) {
  return single_integer(database, "SELECT count(*) FROM sqlite_schema") == 0 &&
         single_integer(database, "PRAGMA user_version") == 0;
}

std::int64_t applied_version(Database& database, const Schema& schema) {
  const std::string place = database.path().string();
  std::int64_t application_id = 0;
  try {
    application_id = single_integer(database, "PRAGMA application_id");
    if (application_id == 0 && is_new(database)) return 0;
  } catch (const StorageError& failure) {
    throw OpenRefused{place + " cannot be read as a database of " + schema.product + ": " +
                      failure.internal_text() + "."};
  }
  if (application_id != schema.application_id) {
    throw OpenRefused{place + " is not a database of " + schema.product +
                      " (its application id is " + std::to_string(application_id) + ", expected " +
                      std::to_string(schema.application_id) + "). It was left as it is."};
  }
  return single_integer(database, "SELECT max(version) FROM schema_version");
}

void mark(Database& database, const Schema& schema) {
  Transaction transaction{database, TransactionKind::write};
  database.execute("PRAGMA application_id = " + std::to_string(schema.application_id));
  database.execute(
      "CREATE TABLE schema_version (version INTEGER PRIMARY KEY, name TEXT NOT NULL, "
      "applied_at TEXT NOT NULL DEFAULT (strftime('%Y-%m-%dT%H:%M:%fZ', 'now'))) STRICT");
  transaction.commit();
}

void apply(Database& database, const Step& step) {
  Transaction transaction{database, TransactionKind::write};
  database.execute(step.sql);
  database.prepare("INSERT INTO schema_version (version, name) VALUES (?1, ?2)")
      .bind(step.version, step.name)
      .run();
  transaction.commit();
}

}  // namespace

void prepare_schema(Database& database, const Schema& schema) {
  if (schema.application_id == 0) throw std::invalid_argument{"A schema needs an application id."};
  const std::vector<Step> steps = parse_steps(schema);
  const std::int64_t present = applied_version(database, schema);
  const auto newest = static_cast<std::int64_t>(steps.size());
  if (present > newest) {
    throw OpenRefused{database.path().string() + " has schema version " + std::to_string(present) +
                      ", but this " + schema.product + " knows only versions up to " +
                      std::to_string(newest) + ". Use the newer program, or a backup."};
  }
  try {
    database.execute("PRAGMA journal_mode = WAL");
    if (single_integer(database, "PRAGMA application_id") == 0) mark(database, schema);
    for (const Step& step : steps) {
      if (step.version > present) apply(database, step);
    }
  } catch (const StorageError& failure) {
    throw OpenRefused{database.path().string() +
                      " could not be prepared: " + failure.internal_text() + "."};
  }
}

}  // namespace ondol::storage
