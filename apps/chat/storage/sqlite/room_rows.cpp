#include <apps/chat/storage/sqlite/room_rows.hpp>

#include <unordered_map>
#include <unordered_set>
#include <utility>

#include <apps/chat/storage/failures.hpp>
#include <apps/chat/storage/sqlite/json_array.hpp>

namespace chat::sqlite {

using ondol::storage::Database;
using ondol::storage::Statement;

RoomRow load_room(Database& database, RoomNo room) {
  Statement row = database.prepare(
      "SELECT type = 'direct', title, owner_id, last_seq, text_count, member_count, join_count"
      " FROM room WHERE room_no = ?1 AND closed = 0");
  if (!row.bind(room.value).step()) fail_no_such_room();
  RoomRow loaded;
  loaded.room_no = room;
  loaded.direct = row.integer(0) != 0;
  loaded.title = row.optional_text(1);
  if (!row.is_null(2)) loaded.owner_id = MemberId{row.integer(2)};
  loaded.last_seq = row.integer(3);
  loaded.text_count = row.integer(4);
  loaded.member_count = row.integer(5);
  loaded.join_count = row.integer(6);
  return loaded;
}

std::optional<std::string> name_in_room(Database& database, RoomNo room, MemberId member) {
  Statement row = database.prepare(
      "SELECT n.name FROM room_member x JOIN member n ON n.member_id = x.member_id"
      " WHERE x.room_no = ?1 AND x.member_id = ?2");
  if (!row.bind(room.value, member.value).step()) return std::nullopt;
  return row.text(0);
}

std::string require_member(Database& database, RoomNo room, MemberId member) {
  auto name = name_in_room(database, room, member);
  if (!name) fail_not_a_member();
  return *std::move(name);
}

std::vector<MemberName> load_names(Database& database, const std::vector<MemberId>& ids) {
  std::unordered_map<MemberId, std::string> names;
  Statement rows = database.prepare(
      "SELECT member_id, name FROM member"
      " WHERE member_id IN (SELECT value FROM json_each(?1))");
  rows.bind(json_array(ids));
  while (rows.step()) names.emplace(MemberId{rows.integer(0)}, rows.text(1));

  std::vector<MemberName> members;
  std::unordered_set<MemberId> seen;
  for (const MemberId id : ids) {
    const auto name = names.find(id);
    if (name == names.end()) fail_no_such_member();
    if (seen.insert(id).second) members.push_back({id, name->second});
  }
  return members;
}

void add_members(Database& database, RoomRow& room, const std::vector<MemberName>& members) {
  Statement insert = database.prepare(
      "INSERT INTO room_member (room_no, member_id, join_order, last_read_seq, read_text_count)"
      " VALUES (?1, ?2, ?3, ?4, ?5)");
  for (const MemberName& member : members) {
    insert
        .bind(room.room_no.value, member.member_id.value, ++room.join_count, room.last_seq,
              room.text_count)
        .run();
    ++room.member_count;
  }
}

void save_counters(Database& database, const RoomRow& room, std::int64_t activity) {
  database
      .prepare(
          "UPDATE room SET last_seq = ?2, text_count = ?3, member_count = ?4, join_count = ?5,"
          " activity = ?6 WHERE room_no = ?1")
      .bind(room.room_no.value, room.last_seq, room.text_count, room.member_count, room.join_count,
            activity)
      .run();
}

void count_message(Database& database, RoomNo room, Seq last_seq, std::int64_t text_count,
                   std::int64_t activity) {
  database
      .prepare("UPDATE room SET last_seq = ?2, text_count = ?3, activity = ?4 WHERE room_no = ?1")
      .bind(room.value, last_seq, text_count, activity)
      .run();
}

}  // namespace chat::sqlite
