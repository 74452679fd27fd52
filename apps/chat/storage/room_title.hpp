#pragma once

#include <cstddef>
#include <optional>
#include <span>
#include <string>

#include <apps/chat/room/room.hpp>

namespace chat {

// How many members, who joined first first, shown_title needs to see.
inline constexpr std::size_t kTitleMembers = kMaxShownMembers + 1;

// The title as the viewer sees it: the given one, or the names of up to kMaxShownMembers others (of
// a direct room: the partner's), or, alone in a room, his own.
std::string shown_title(const std::optional<std::string>& title,
                        std::span<const MemberName> first_members, MemberId viewer);

}  // namespace chat
