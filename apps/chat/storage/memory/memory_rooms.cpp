#include <apps/chat/storage/memory/memory_rooms.hpp>

#include <algorithm>
#include <limits>
#include <set>

#include <apps/chat/storage/failures.hpp>
#include <apps/chat/storage/room_title.hpp>
#include <ondol/base/text.hpp>

namespace chat::memory {

using ondol::Task;

namespace {

bool hidden(const Room& room, const Membership& member) {
  return member.hidden_at_seq && *member.hidden_at_seq >= room.last_seq();
}

}  // namespace

Task<RoomDetail> MemoryRooms::create_group(NewGroup group) {
  const Access access{state_};
  Room room;
  room.title = group.title;
  room.owner_id = group.owner;
  state_.require_known(group.owner);
  room.members.push_back({group.owner});
  for (const MemberId member : group.members) {
    state_.require_known(member);
    if (room.find(member) == nullptr) room.members.push_back({member});
  }
  if (room.members.size() > kMaxRoomMembers) fail_room_too_large();
  const Room& stored = insert(std::move(room));
  co_return detail(stored, *stored.find(group.owner));
}

Task<OpenedRoom> MemoryRooms::open_direct(MemberId caller, MemberId other) {
  const Access access{state_};
  if (caller == other) fail_direct_with_oneself();
  const std::pair<MemberId, MemberId> pair{std::min(caller, other), std::max(caller, other)};
  const auto existing = state_.pairs.find(pair);
  if (existing != state_.pairs.end()) {
    const Room& room = state_.rooms.at(existing->second);
    co_return OpenedRoom{detail(room, *room.find(caller)), false};
  }
  state_.require_known(caller);
  state_.require_known(other);
  Room room;
  room.direct = true;
  room.members = {{caller}, {other}};
  const Room& stored = insert(std::move(room));
  state_.pairs.emplace(pair, stored.room_no);
  co_return OpenedRoom{detail(stored, *stored.find(caller)), true};
}

Task<RoomDetail> MemoryRooms::find(RoomNo room_no, MemberId viewer) {
  const Access access{state_};
  Room& room = state_.open_room(room_no);
  co_return detail(room, state_.membership(room, viewer));
}

Task<RoomPage> MemoryRooms::page(MemberId member, std::optional<std::string> cursor,
                                 std::size_t limit) {
  const Access access{state_};
  limit = std::clamp<std::size_t>(limit, 1, kMaxPage);
  std::int64_t below = std::numeric_limits<std::int64_t>::max();
  if (cursor) {
    const auto activity = ondol::parse_number<std::int64_t>(*cursor);
    if (!activity || *activity < 1) fail_bad_cursor();
    below = *activity;
  }
  std::map<std::int64_t, const Room*, std::greater<>> by_activity;
  for (const auto& [room_no, room] : state_.rooms) {
    const Membership* membership = room.find(member);
    const bool listed = membership != nullptr && !hidden(room, *membership);
    if (listed && room.activity < below) by_activity.emplace(room.activity, &room);
  }
  RoomPage page;
  for (const auto& [activity, room] : by_activity) {
    if (page.rooms.size() == limit) {
      page.next_cursor = std::to_string(state_.rooms.at(page.rooms.back().room_no).activity);
      break;
    }
    page.rooms.push_back(summary(*room, *room->find(member)));
  }
  co_return page;
}

Task<std::vector<ViewedRoom>> MemoryRooms::summaries(RoomNo room_no,
                                                     std::vector<MemberId> viewers) {
  const Access access{state_};
  std::vector<ViewedRoom> views;
  const auto room = state_.rooms.find(room_no);
  if (room == state_.rooms.end()) co_return views;
  for (const MemberId viewer : std::set<MemberId>(viewers.begin(), viewers.end())) {
    const Membership* member = room->second.find(viewer);
    if (member != nullptr && !hidden(room->second, *member)) {
      views.push_back({viewer, summary(room->second, *member)});
    }
  }
  co_return views;
}

Task<std::vector<MemberId>> MemoryRooms::members(RoomNo room_no) {
  const Access access{state_};
  std::vector<MemberId> ids;
  const auto room = state_.rooms.find(room_no);
  if (room == state_.rooms.end()) co_return ids;
  for (const Membership& member : room->second.members) ids.push_back(member.member_id);
  co_return ids;
}

Task<bool> MemoryRooms::is_member(RoomNo room_no, MemberId member) {
  const Access access{state_};
  const auto room = state_.rooms.find(room_no);
  co_return room != state_.rooms.end() && room->second.find(member) != nullptr;
}

Task<RoomChange> MemoryRooms::invite(RoomNo room_no, MemberId acting,
                                     std::vector<MemberId> members) {
  const Access access{state_};
  Room& room = state_.open_room(room_no);
  state_.membership(room, acting);
  if (room.direct) fail_not_for_direct_room();
  RoomChange change;
  for (const MemberId member : members) {
    state_.require_known(member);
    const bool repeated = std::ranges::find(change.joined, member) != change.joined.end();
    if (!repeated && room.find(member) == nullptr) change.joined.push_back(member);
  }
  if (change.joined.empty()) co_return change;
  if (room.members.size() + change.joined.size() > kMaxRoomMembers) fail_room_too_large();
  change.announcement = announce(room, acting, kInvited, change.joined);
  for (const MemberId member : change.joined) room.members.push_back({member, room.last_seq()});
  co_return change;
}

Task<RoomChange> MemoryRooms::leave(RoomNo room_no, MemberId member) {
  const Access access{state_};
  Room& room = state_.open_room(room_no);
  Membership& leaving = state_.membership(room, member);
  if (!room.direct) co_return take_out(room, member, member, kLeft);
  leaving.hidden_at_seq = room.last_seq();
  RoomChange change;
  change.hidden = true;
  co_return change;
}

Task<RoomChange> MemoryRooms::remove(RoomNo room_no, MemberId acting, MemberId target) {
  const Access access{state_};
  Room& room = state_.open_room(room_no);
  state_.membership(room, acting);
  if (room.direct) fail_not_for_direct_room();
  if (acting == target) co_return take_out(room, acting, acting, kLeft);
  if (room.owner_id != acting) fail_not_the_owner();
  if (room.find(target) == nullptr) fail_no_such_member();
  co_return take_out(room, acting, target, kRemoved);
}

Task<RoomChange> MemoryRooms::update(RoomNo room_no, MemberId acting, RoomPatch patch) {
  const Access access{state_};
  Room& room = state_.open_room(room_no);
  Membership& member = state_.membership(room, acting);
  if (patch.title && room.direct) fail_not_for_direct_room();
  if (patch.muted) member.muted = *patch.muted;
  RoomChange change;
  if (!patch.title || room.title == patch.title) co_return change;
  room.title = patch.title;
  change.announcement = announce(room, acting, kRenamed, {});
  co_return change;
}

Room& MemoryRooms::insert(Room room) {
  room.room_no = {std::ssize(state_.rooms) + 1};
  room.activity = ++state_.activity;
  const RoomNo room_no = room.room_no;
  return state_.rooms.emplace(room_no, std::move(room)).first->second;
}

RoomSummary MemoryRooms::summary(const Room& room, const Membership& viewer) const {
  RoomSummary summary;
  summary.room_no = room.room_no;
  summary.type = room.direct ? kDirectRoom : kGroupRoom;
  summary.member_count = std::ssize(room.members);
  for (const Membership& member : room.members) {
    if (summary.members.size() == kTitleMembers) break;
    summary.members.push_back(state_.name_of(member.member_id));
  }
  summary.title = shown_title(room.title, summary.members, viewer.member_id);
  summary.members.resize(std::min(summary.members.size(), kMaxShownMembers));
  if (!room.messages.empty()) summary.last_message = state_.shown(room, room.last_seq());
  summary.last_read_seq = viewer.last_read_seq;
  summary.unread_count = std::ranges::count_if(room.messages, [&](const ChatMessage& message) {
    return message.seq > viewer.last_read_seq && message.type != kSystemMessage &&
           message.sender.member_id != viewer.member_id;
  });
  summary.muted = viewer.muted;
  return summary;
}

RoomDetail MemoryRooms::detail(const Room& room, const Membership& viewer) const {
  RoomSummary seen = summary(room, viewer);
  RoomDetail detail;
  detail.room_no = room.room_no;
  detail.type = std::move(seen.type);
  detail.title = std::move(seen.title);
  detail.member_count = seen.member_count;
  for (const Membership& member : room.members) {
    detail.members.push_back(
        {member.member_id, state_.name_of(member.member_id).name, member.last_read_seq});
  }
  if (!room.direct) detail.owner_id = room.owner_id;
  detail.last_message = std::move(seen.last_message);
  detail.last_read_seq = seen.last_read_seq;
  detail.unread_count = seen.unread_count;
  detail.muted = seen.muted;
  return detail;
}

ChatMessage MemoryRooms::announce(Room& room, MemberId acting, std::string_view what,
                                  const std::vector<MemberId>& about) {
  ChatMessage message;
  message.sender.member_id = acting;
  message.type = kSystemMessage;
  message.content = what;
  message.members.emplace();
  for (const MemberId member : about) message.members->push_back({member, {}});
  ChatMessage announced = state_.shown(room, state_.add_message(room, std::move(message)));
  state_.committed(announced);
  return announced;
}

RoomChange MemoryRooms::take_out(Room& room, MemberId acting, MemberId target,
                                 std::string_view what) {
  std::erase_if(room.members, [&](const Membership& each) { return each.member_id == target; });
  RoomChange change;
  change.gone.push_back(target);
  change.announcement = announce(room, acting, what, {target});
  room.closed = change.closed = room.members.empty();
  if (!room.closed && room.owner_id == target) room.owner_id = room.members.front().member_id;
  return change;
}

}  // namespace chat::memory
