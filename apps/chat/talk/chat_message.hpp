#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <apps/chat/member/member.hpp>
#include <apps/chat/room/room_no.hpp>
#include <ondol/base/dates.hpp>

namespace chat {

// The number of a message in its room: 1, 2, 3 … without holes; 0 stands before the first (CH
// "Words").
using Seq = std::int64_t;

inline constexpr std::string_view kTextMessage = "text";
inline constexpr std::string_view kSystemMessage = "system";

// The contents of system messages (CH-13).
inline constexpr std::string_view kInvited = "invited";
inline constexpr std::string_view kLeft = "left";
inline constexpr std::string_view kRemoved = "removed";
inline constexpr std::string_view kRenamed = "renamed";

// One stored message; its JSON is that of CH-21 and, for system messages, of CH-13.
struct ChatMessage {
  RoomNo room_no;
  Seq seq = 0;
  MemberName sender;  // with the name that the member has now; of a system message: who acted
  std::string type{kTextMessage};
  std::string content;
  std::optional<std::string> client_id;  // as it was sent
  ondol::Instant sent_at{};
  std::int64_t unread_count = 0;  // as of the moment of reading; 0 for system messages
  std::optional<Seq> reply_to;
  std::optional<std::vector<MemberName>> members;  // system messages: whom it is about
};

}  // namespace chat
