#pragma once

#include <compare>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <string>

namespace chat {

// A person with a login (CH "Words"). Positive; given by the storage; never reused.
struct MemberId {
  std::int64_t value = 0;

  friend auto operator<=>(const MemberId&, const MemberId&) = default;
};

// What others may know of a member; the JSON of CH-1 and CH-6.
struct Member {
  MemberId member_id;
  std::string login_id;
  std::string name;
};

// A member as rooms and messages show him: `{memberId, name}`.
struct MemberName {
  MemberId member_id;
  std::string name;
};

}  // namespace chat

template <>
struct std::hash<chat::MemberId> {
  std::size_t operator()(chat::MemberId id) const noexcept {
    return std::hash<std::int64_t>{}(id.value);
  }
};
