#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <apps/chat/member/member.hpp>
#include <apps/chat/room/room_no.hpp>
#include <apps/chat/talk/chat_message.hpp>

namespace chat {

inline constexpr std::string_view kDirectRoom = "direct";
inline constexpr std::string_view kGroupRoom = "group";

inline constexpr std::size_t kMaxRoomMembers = 3000;  // CH-13
inline constexpr std::size_t kMaxShownMembers = 4;    // CH-11

// A room in the list of one member; its JSON is that of CH-11.
struct RoomSummary {
  RoomNo room_no;
  std::string type;
  // As it was given; a room without one shows the names of its other members: a direct room that of
  // the partner.
  std::string title;
  std::int64_t member_count = 0;
  std::vector<MemberName> members;  // at most kMaxShownMembers, who joined first comes first
  std::optional<ChatMessage> last_message;
  Seq last_read_seq = 0;  // of the member who looks
  std::int64_t unread_count = 0;
  bool muted = false;
};

struct RoomMember {
  MemberId member_id;
  std::string name;
  Seq last_read_seq = 0;
};

// A room as one of its members sees it in full; its JSON is that of CH-12.
struct RoomDetail {
  RoomNo room_no;
  std::string type;
  std::string title;
  std::int64_t member_count = 0;
  std::vector<RoomMember> members;   // all, who joined first comes first
  std::optional<MemberId> owner_id;  // groups
  std::optional<ChatMessage> last_message;
  Seq last_read_seq = 0;
  std::int64_t unread_count = 0;
  bool muted = false;
};

struct RoomPage {
  std::vector<RoomSummary> rooms;
  std::optional<std::string> next_cursor;  // none: this was the last page
};

}  // namespace chat
