#include <apps/chat/talk/room_news.hpp>

#include <optional>
#include <utility>

namespace chat {
namespace {

using ondol::Task;

constexpr std::string_view kRoomsQueue = "/queue/rooms";

std::string user_of(MemberId member) {
  return std::to_string(member.value);
}

// `event` beside the members of CH-11.
struct RoomEvent {
  std::string event = "room";
  RoomNo room_no;
  std::string type;
  std::string title;
  std::int64_t member_count = 0;
  std::vector<MemberName> members;
  std::optional<ChatMessage> last_message;
  Seq last_read_seq = 0;
  std::int64_t unread_count = 0;
  bool muted = false;
};

RoomEvent to_event(RoomSummary room) {
  return {"room",
          room.room_no,
          std::move(room.type),
          std::move(room.title),
          room.member_count,
          std::move(room.members),
          std::move(room.last_message),
          room.last_read_seq,
          room.unread_count,
          room.muted};
}

struct RemovedEvent {
  std::string event = "removed";
  RoomNo room_no;
};

struct Read {
  MemberId member_id;
  Seq seq = 0;
};
struct ReadEvent {
  std::string event = "read";
  std::vector<Read> reads;
};

}  // namespace

std::string destination_of(RoomNo room) {
  return "/sub/chat/" + std::to_string(room.value);
}

std::string events_of(RoomNo room) {
  return destination_of(room) + "/events";
}

Task<void> RoomNews::tell_members(RoomNo room) const {
  auto members = co_await rooms_.members(room);
  std::erase_if(members,
                [&](MemberId member) { return !messenger_.is_connected(user_of(member)); });
  if (members.empty()) co_return;
  auto views = co_await rooms_.summaries(room, std::move(members));
  for (auto& view : views) {
    messenger_.send_to_user(user_of(view.viewer), kRoomsQueue, to_event(std::move(view.room)));
  }
}

Task<void> RoomNews::tell_member(RoomNo room, MemberId member) const {
  std::vector<MemberId> viewers{member};
  auto views = co_await rooms_.summaries(room, std::move(viewers));
  for (auto& view : views) {
    messenger_.send_to_user(user_of(view.viewer), kRoomsQueue, to_event(std::move(view.room)));
  }
}

void RoomNews::tell_removed(RoomNo room, MemberId member) const {
  messenger_.end_subscriptions(destination_of(room), user_of(member));
  messenger_.end_subscriptions(events_of(room), user_of(member));
  tell_hidden(room, member);
}

void RoomNews::tell_hidden(RoomNo room, MemberId member) const {
  messenger_.send_to_user(user_of(member), kRoomsQueue, RemovedEvent{"removed", room});
}

void RoomNews::tell_read(RoomNo room, MemberId reader, Seq seq) const {
  messenger_.send(events_of(room), ReadEvent{"read", {{reader, seq}}});
}

void RoomNews::publish(const ChatMessage& message) const {
  messenger_.send(destination_of(message.room_no), message);
}

}  // namespace chat
