#include <apps/chat/storage/room_title.hpp>

namespace chat {

std::string shown_title(const std::optional<std::string>& title,
                        std::span<const MemberName> first_members, MemberId viewer) {
  if (title) return *title;
  std::string names;
  std::size_t shown = 0;
  for (const MemberName& member : first_members) {
    if (member.member_id == viewer || shown == kMaxShownMembers) continue;
    if (shown++ > 0) names += ", ";
    names += member.name;
  }
  if (shown == 0 && !first_members.empty()) return first_members.front().name;
  return names;
}

}  // namespace chat
