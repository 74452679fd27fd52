#include <apps/chat/storage/memory/memory_state.hpp>

#include <algorithm>

#include <apps/chat/storage/failures.hpp>
#include <ondol/base/error.hpp>

namespace chat::memory {

Membership* Room::find(MemberId member) {
  const auto found = std::ranges::find(members, member, &Membership::member_id);
  return found == members.end() ? nullptr : &*found;
}

const Membership* Room::find(MemberId member) const {
  const auto found = std::ranges::find(members, member, &Membership::member_id);
  return found == members.end() ? nullptr : &*found;
}

void State::require_running() const {
  if (stopped) throw ondol::Error{ondol::ErrorCode{5030}, "service unavailable"};
}

Room& State::open_room(RoomNo room) {
  const auto found = rooms.find(room);
  if (found == rooms.end() || found->second.closed) fail_no_such_room();
  return found->second;
}

Membership& State::membership(Room& room, MemberId member) {
  Membership* found = room.find(member);
  if (found == nullptr) fail_not_a_member();
  return *found;
}

MemberName State::name_of(MemberId member) const {
  return {member, members.at(member).member.name};
}

void State::require_known(MemberId member) const {
  if (!members.contains(member)) fail_no_such_member();
}

Seq State::add_message(Room& room, ChatMessage message) {
  message.room_no = room.room_no;
  message.seq = room.last_seq() + 1;
  message.sent_at = ondol::now_instant();
  room.messages.push_back(std::move(message));
  room.activity = ++activity;
  return room.last_seq();
}

ChatMessage State::shown(const Room& room, Seq seq) const {
  ChatMessage message = room.messages[static_cast<std::size_t>(seq - 1)];
  message.sender = name_of(message.sender.member_id);
  if (message.members) {
    for (MemberName& member : *message.members) member = name_of(member.member_id);
  }
  if (message.type == kTextMessage) {
    message.unread_count = std::ranges::count_if(room.members, [&](const Membership& member) {
      return member.member_id != message.sender.member_id && member.last_read_seq < seq;
    });
  }
  return message;
}

}  // namespace chat::memory
