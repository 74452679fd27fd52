#pragma once

#include <optional>
#include <string>
#include <string_view>

#include <apps/chat/room/room_no.hpp>

namespace chat {

// Where a room is heard: /sub/chat/5, the same as /sub/chat.room.5 (CH-32), and /sub/chat/5/events.
std::string destination_of(RoomNo room);
std::string dotted_destination_of(RoomNo room);
std::string events_of(RoomNo room);

bool is_events(std::string_view destination);

// The room that a destination to subscribe to belongs to; nothing if it is none of a room, 0 if
// what should be its number is none.
std::optional<RoomNo> room_of(std::string_view destination);

}  // namespace chat
