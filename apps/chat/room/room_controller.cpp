#include <apps/chat/room/room_controller.hpp>

#include <utility>

#include <apps/chat/errors/chat_errors.hpp>

namespace chat {
namespace {

using ondol::Task;

void check_limit(int limit) {
  if (limit < 1 || limit > 100) throw ondol::Error{kBadParameter, "limit must be from 1 to 100."};
}

}  // namespace

void RoomController::routes(ondol::web::Routes<RoomController>& on) const {
  on.post("/api/rooms", &RoomController::open);
  on.get("/api/rooms", &RoomController::list);
  on.get("/api/rooms/{roomNo}", &RoomController::show);
  on.patch("/api/rooms/{roomNo}", &RoomController::update);
  on.post("/api/rooms/{roomNo}/members", &RoomController::invite);
  on.del("/api/rooms/{roomNo}/members/me", &RoomController::leave);
  on.del("/api/rooms/{roomNo}/members/{memberId}", &RoomController::remove).status(204);
  on.get("/api/rooms/{roomNo}/messages", &RoomController::messages);
}

Task<ondol::web::Reply<RoomDetail>> RoomController::open(ApiLogin login,
                                                         ondol::Body<NewRoom> room) const {
  const auto caller = login.member.member_id;
  const bool direct = room->type == kDirectRoom;
  Validation validation;
  validation.check(direct || room->type == kGroupRoom, "type", "Pattern", "must be direct or group")
      .check(!direct || (room->member_ids.size() == 1 && room->member_ids[0] != caller),
             "memberIds", "Size", "a direct room has exactly one other member")
      .check(room->member_ids.size() < kMaxRoomMembers, "memberIds", "Size",
             "a room has at most 3000 members");
  if (room->title && !direct) validation.length("title", *room->title, 1, 50);
  validation.finish();

  ondol::web::Reply<RoomDetail> reply{201, {}, {}};
  if (direct) {
    auto opened = co_await rooms_.open_direct(caller, room->member_ids[0]);
    reply.status = opened.created ? 201 : 200;
    reply.body = std::move(opened.room);
  } else {
    NewGroup group{caller, room->title, room->member_ids};
    reply.body = co_await rooms_.create_group(std::move(group));
  }
  news_.changed(reply.body.room_no);
  co_return reply;
}

Task<RoomPage> RoomController::list(ApiLogin login, std::optional<ondol::Query<"cursor">> cursor,
                                    ondol::Query<"limit", int, "50"> limit) const {
  check_limit(*limit);
  std::optional<std::string> from;
  if (cursor) from = **cursor;
  return rooms_.page(login.member.member_id, std::move(from), static_cast<std::size_t>(*limit));
}

Task<RoomDetail> RoomController::update(ApiLogin login, Room room,
                                        ondol::Body<RoomPatch> patch) const {
  const auto caller = login.member.member_id;
  if (patch->title) Validation{}.length("title", *patch->title, 1, 50).finish();
  const auto change = co_await rooms_.update(*room, caller, *patch);
  if (change.announcement) {
    news_.changed(*room);
  } else {
    news_.changed_for(*room, caller);
  }
  co_return co_await rooms_.find(*room, caller);
}

Task<RoomDetail> RoomController::invite(ApiLogin login, Room room,
                                        ondol::Body<Invitation> invitation) const {
  const auto caller = login.member.member_id;
  const auto count = invitation->member_ids.size();
  Validation{}
      .check(count > 0 && count <= kMaxRoomMembers, "memberIds", "Size",
             "must name 1 to 3000 members")
      .finish();
  const auto change = co_await rooms_.invite(*room, caller, invitation->member_ids);
  if (change.announcement) news_.changed(*room);
  co_return co_await rooms_.find(*room, caller);
}

Task<void> RoomController::leave(ApiLogin login, Room room) const {
  const auto change = co_await rooms_.leave(*room, login.member.member_id);
  tell_who_is_gone(*room, change);
  if (change.hidden) news_.removed(*room, login.member.member_id);
}

Task<void> RoomController::remove(ApiLogin login, Room room,
                                  ondol::Path<"memberId", MemberId> target) const {
  const auto change = co_await rooms_.remove(*room, login.member.member_id, *target);
  tell_who_is_gone(*room, change);
}

void RoomController::tell_who_is_gone(RoomNo room, const RoomChange& change) const {
  for (const auto gone : change.gone) {
    guard_.departed(room, gone);
    news_.removed(room, gone);
  }
  news_.changed(room);
}

Task<RoomController::Messages> RoomController::messages(
    ApiLogin login, Room room, std::optional<ondol::Query<"before", Seq>> before,
    std::optional<ondol::Query<"after", Seq>> after, ondol::Query<"limit", int, "50"> limit) const {
  check_limit(*limit);
  HistoryRange range;
  if (before) range.before = **before;
  if (after) range.after = **after;
  range.limit = static_cast<std::size_t>(*limit);
  auto page = co_await history_.page(*room, login.member.member_id, range);
  co_return Messages{std::move(page.messages), page.has_more};
}

}  // namespace chat
