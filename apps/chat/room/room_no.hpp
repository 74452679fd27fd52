#pragma once

#include <compare>
#include <cstddef>
#include <cstdint>
#include <functional>

namespace chat {

// A conversation (CH "Words"). Positive; given by the storage; never reused.
struct RoomNo {
  std::int64_t value = 0;

  friend auto operator<=>(const RoomNo&, const RoomNo&) = default;
};

}  // namespace chat

template <>
struct std::hash<chat::RoomNo> {
  std::size_t operator()(chat::RoomNo room) const noexcept {
    return std::hash<std::int64_t>{}(room.value);
  }
};
