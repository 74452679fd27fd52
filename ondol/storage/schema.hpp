#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>

namespace ondol::storage {

class Database;

// One step of a schema. The file name gives version and description: V001__members_and_rooms.sql.
struct Migration {
  std::string_view file_name;
  std::string_view sql;
};

struct Schema {
  std::string product;              // whose database it is, for the texts of refusals: "ondol-chat"
  std::int32_t application_id = 0;  // marks the file as ours; not 0
  std::span<const Migration> migrations;  // versions 1, 2, 3 … in this order
};

// Brings the database to the newest version of the schema, each step once and whole, and switches
// it to write-ahead logging. Afterwards the table schema_version says what was applied, and when.
// Throws OpenRefused, and changes nothing, for a file that is no database, for the database of
// something else and for one of a newer version than this program knows; std::invalid_argument when
// the migrations are misnumbered.
void prepare_schema(Database& database, const Schema& schema);

}  // namespace ondol::storage
