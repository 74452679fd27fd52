#include <apps/chat/talk/destinations.hpp>

#include <ondol/base/text.hpp>

namespace chat {
namespace {

constexpr std::string_view kRooms = "/sub/chat/";
constexpr std::string_view kDottedRooms = "/sub/chat.room.";
constexpr std::string_view kEvents = "/events";

RoomNo number_in(std::string_view text) {
  return RoomNo{ondol::parse_number<std::int64_t>(text).value_or(0)};
}

}  // namespace

std::string destination_of(RoomNo room) {
  return std::string{kRooms} + std::to_string(room.value);
}

std::string dotted_destination_of(RoomNo room) {
  return std::string{kDottedRooms} + std::to_string(room.value);
}

std::string events_of(RoomNo room) {
  return destination_of(room) + std::string{kEvents};
}

bool is_events(std::string_view destination) {
  return destination.starts_with(kRooms) && destination.ends_with(kEvents);
}

std::optional<RoomNo> room_of(std::string_view destination) {
  if (destination.starts_with(kDottedRooms)) {
    return number_in(destination.substr(kDottedRooms.size()));
  }
  if (!destination.starts_with(kRooms)) return std::nullopt;
  auto number = destination.substr(kRooms.size());
  if (number.ends_with(kEvents)) number.remove_suffix(kEvents.size());
  return number_in(number);
}

}  // namespace chat
