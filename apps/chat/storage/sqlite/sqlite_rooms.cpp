#include <apps/chat/storage/sqlite/sqlite_rooms.hpp>

#include <utility>

#include <apps/chat/storage/sqlite/room_changes.hpp>
#include <apps/chat/storage/sqlite/room_views.hpp>

namespace chat::sqlite {

using ondol::Task;
using ondol::storage::Database;
using ondol::storage::Statement;

Task<RoomDetail> SqliteRooms::create_group(NewGroup group) {
  return writer_.write([this, group = std::move(group)](Database& database) {
    const RoomNo room = RoomChanges{database, clock_}.create_group(group);
    return view_room(database, room, group.owner);
  });
}

Task<OpenedRoom> SqliteRooms::open_direct(MemberId caller, MemberId other) {
  return writer_.write([this, caller, other](Database& database) {
    const auto opened = RoomChanges{database, clock_}.open_direct(caller, other);
    return OpenedRoom{view_room(database, opened.room_no, caller), opened.created};
  });
}

Task<RoomDetail> SqliteRooms::find(RoomNo room, MemberId viewer) {
  return reader_.read(
      [room, viewer](Database& database) { return view_room(database, room, viewer); });
}

Task<RoomPage> SqliteRooms::page(MemberId member, std::optional<std::string> cursor,
                                 std::size_t limit) {
  return reader_.read([member, cursor = std::move(cursor), limit](Database& database) {
    return view_page(database, member, cursor, limit);
  });
}

Task<std::vector<ViewedRoom>> SqliteRooms::summaries(RoomNo room, std::vector<MemberId> viewers) {
  return reader_.read([room, viewers = std::move(viewers)](Database& database) {
    return view_summaries(database, room, viewers);
  });
}

Task<std::vector<MemberId>> SqliteRooms::members(RoomNo room) {
  return reader_.read([room](Database& database) {
    Statement rows = database.prepare(
        "SELECT member_id FROM room_member WHERE room_no = ?1 ORDER BY join_order");
    rows.bind(room.value);
    std::vector<MemberId> members;
    while (rows.step()) members.push_back({rows.integer(0)});
    return members;
  });
}

// A closed room has no members, so its state needs no look.
Task<bool> SqliteRooms::is_member(RoomNo room, MemberId member) {
  return reader_.read([room, member](Database& database) {
    Statement row =
        database.prepare("SELECT 1 FROM room_member WHERE room_no = ?1 AND member_id = ?2");
    return row.bind(room.value, member.value).step();
  });
}

Task<RoomChange> SqliteRooms::invite(RoomNo room, MemberId acting, std::vector<MemberId> members) {
  return writer_.write(
      [this, room, acting, members = std::move(members)](Database& database) {
        return RoomChanges{database, clock_}.invite(room, acting, members);
      },
      tell());
}

Task<RoomChange> SqliteRooms::leave(RoomNo room, MemberId member) {
  return writer_.write(
      [this, room, member](Database& database) {
        return RoomChanges{database, clock_}.leave(room, member);
      },
      tell());
}

Task<RoomChange> SqliteRooms::remove(RoomNo room, MemberId acting, MemberId target) {
  return writer_.write(
      [this, room, acting, target](Database& database) {
        return RoomChanges{database, clock_}.remove(room, acting, target);
      },
      tell());
}

Task<RoomChange> SqliteRooms::update(RoomNo room, MemberId acting, RoomPatch patch) {
  return writer_.write(
      [this, room, acting, patch = std::move(patch)](Database& database) {
        return RoomChanges{database, clock_}.update(room, acting, patch);
      },
      tell());
}

}  // namespace chat::sqlite
