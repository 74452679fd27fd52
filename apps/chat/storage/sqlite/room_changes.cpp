#include <apps/chat/storage/sqlite/room_changes.hpp>

#include <algorithm>
#include <utility>

#include <apps/chat/storage/failures.hpp>
#include <apps/chat/storage/sqlite/message_rows.hpp>

namespace chat::sqlite {

using ondol::storage::Statement;

namespace {

std::int64_t now_milliseconds() {
  return ondol::now_instant().time_since_epoch().count();
}

}  // namespace

RoomNo RoomChanges::create_group(const NewGroup& group) {
  std::vector<MemberId> ids{group.owner};
  ids.insert(ids.end(), group.members.begin(), group.members.end());
  const std::vector<MemberName> members = load_names(database_, ids);
  if (members.size() > kMaxRoomMembers) fail_room_too_large();
  const std::int64_t activity = clock_.next();
  database_
      .prepare(
          "INSERT INTO room (type, title, owner_id, created_at, activity, member_count, join_count)"
          " VALUES ('group', ?1, ?2, ?3, ?4, 0, 0)")
      .bind(group.title, group.owner.value, now_milliseconds(), activity)
      .run();
  RoomRow room;
  room.room_no = {database_.last_insert_id()};
  add_members(database_, room, members);
  save_counters(database_, room, activity);
  return room.room_no;
}

RoomChanges::Opened RoomChanges::open_direct(MemberId caller, MemberId other) {
  if (caller == other) fail_direct_with_oneself();
  const auto [low, high] = std::minmax(caller.value, other.value);
  {
    Statement existing = database_.prepare(
        "SELECT room_no FROM room WHERE low_member_id = ?1 AND high_member_id = ?2"
        " AND low_member_id IS NOT NULL");
    if (existing.bind(low, high).step()) return {{existing.integer(0)}, false};
  }
  const std::vector<MemberName> members = load_names(database_, {caller, other});
  const std::int64_t activity = clock_.next();
  database_
      .prepare(
          "INSERT INTO room (type, low_member_id, high_member_id, created_at, activity,"
          " member_count, join_count) VALUES ('direct', ?1, ?2, ?3, ?4, 0, 0)")
      .bind(low, high, now_milliseconds(), activity)
      .run();
  RoomRow room;
  room.room_no = {database_.last_insert_id()};
  add_members(database_, room, members);
  save_counters(database_, room, activity);
  return {room.room_no, true};
}

RoomChange RoomChanges::invite(RoomNo room_no, MemberId acting, const std::vector<MemberId>& ids) {
  RoomRow room = load_room(database_, room_no);
  const std::string acting_name = require_member(database_, room_no, acting);
  if (room.direct) fail_not_for_direct_room();
  std::vector<MemberName> members = load_names(database_, ids);
  std::erase_if(members, [&](const MemberName& member) {
    return name_in_room(database_, room_no, member.member_id).has_value();
  });
  if (members.empty()) return {};
  if (static_cast<std::size_t>(room.member_count) + members.size() > kMaxRoomMembers) {
    fail_room_too_large();
  }
  RoomChange change;
  change.announcement = announce(room, {acting, acting_name}, kInvited, members);
  add_members(database_, room, members);
  save_counters(database_, room, clock_.next());
  for (const MemberName& member : members) change.joined.push_back(member.member_id);
  return change;
}

RoomChange RoomChanges::leave(RoomNo room_no, MemberId member) {
  RoomRow room = load_room(database_, room_no);
  const MemberName leaving{member, require_member(database_, room_no, member)};
  if (room.direct) return hide(room, member);
  return take_out(room, leaving, leaving, kLeft);
}

RoomChange RoomChanges::remove(RoomNo room_no, MemberId acting, MemberId target) {
  RoomRow room = load_room(database_, room_no);
  const MemberName acting_member{acting, require_member(database_, room_no, acting)};
  if (room.direct) fail_not_for_direct_room();
  if (acting == target) return take_out(room, acting_member, acting_member, kLeft);
  if (room.owner_id != acting) fail_not_the_owner();
  auto target_name = name_in_room(database_, room_no, target);
  if (!target_name) fail_no_such_member();
  return take_out(room, acting_member, {target, *std::move(target_name)}, kRemoved);
}

RoomChange RoomChanges::update(RoomNo room_no, MemberId acting, const RoomPatch& patch) {
  RoomRow room = load_room(database_, room_no);
  const std::string acting_name = require_member(database_, room_no, acting);
  if (patch.title && room.direct) fail_not_for_direct_room();
  if (patch.muted) {
    database_.prepare("UPDATE room_member SET muted = ?3 WHERE room_no = ?1 AND member_id = ?2")
        .bind(room_no.value, acting.value, *patch.muted)
        .run();
  }
  if (!patch.title || room.title == patch.title) return {};
  database_.prepare("UPDATE room SET title = ?2 WHERE room_no = ?1")
      .bind(room_no.value, *patch.title)
      .run();
  RoomChange change;
  change.announcement = announce(room, {acting, acting_name}, kRenamed, {});
  save_counters(database_, room, clock_.next());
  return change;
}

ChatMessage RoomChanges::announce(RoomRow& room, MemberName acting, std::string_view what,
                                  std::vector<MemberName> about) {
  MessageRow row;
  row.message.room_no = room.room_no;
  row.message.seq = ++room.last_seq;
  row.message.sender = std::move(acting);
  row.message.type = kSystemMessage;
  row.message.content = what;
  row.message.sent_at = ondol::now_instant();
  row.message.members = std::move(about);
  row.text_count = room.text_count;
  insert_message(database_, row);
  return std::move(row.message);
}

RoomChange RoomChanges::take_out(RoomRow& room, const MemberName& acting, const MemberName& target,
                                 std::string_view what) {
  database_.prepare("DELETE FROM room_member WHERE room_no = ?1 AND member_id = ?2")
      .bind(room.room_no.value, target.member_id.value)
      .run();
  --room.member_count;
  RoomChange change;
  change.gone.push_back(target.member_id);
  change.announcement = announce(room, acting, what, {target});
  save_counters(database_, room, clock_.next());
  if (room.member_count == 0) {
    database_.prepare("UPDATE room SET closed = 1 WHERE room_no = ?1")
        .bind(room.room_no.value)
        .run();
    change.closed = true;
  } else if (room.owner_id == target.member_id) {
    pass_ownership(room);
  }
  return change;
}

// CH-13: to the longest member.
void RoomChanges::pass_ownership(const RoomRow& room) {
  database_
      .prepare(
          "UPDATE room SET owner_id = (SELECT member_id FROM room_member WHERE room_no = ?1"
          " ORDER BY join_order LIMIT 1) WHERE room_no = ?1")
      .bind(room.room_no.value)
      .run();
}

// CH-18: until the next message, whose seq will be above this one.
RoomChange RoomChanges::hide(const RoomRow& room, MemberId member) {
  database_
      .prepare("UPDATE room_member SET hidden_at_seq = ?3 WHERE room_no = ?1 AND member_id = ?2")
      .bind(room.room_no.value, member.value, room.last_seq)
      .run();
  RoomChange change;
  change.hidden = true;
  return change;
}

}  // namespace chat::sqlite
