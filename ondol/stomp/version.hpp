#pragma once

#include <optional>
#include <string_view>

namespace ondol::stomp {

// The highest of 1.2, 1.1 and 1.0 that the client lists (SE-8); blanks around a token do not count (ST-38). Without
// the header it is 1.0 (SE-9); nothing when there is no common one (SE-10).
std::optional<std::string_view> choose_version(std::optional<std::string_view> accept_version);

}  // namespace ondol::stomp
