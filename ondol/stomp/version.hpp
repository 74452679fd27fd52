#pragma once

#include <optional>
#include <string_view>

#include <ondol/stomp/token_rule.hpp>

namespace ondol::stomp {

// The highest of 1.2, 1.1 and 1.0 that the client lists (SE-8), a text without end of life. Without
// the header it is 1.0 (SE-9); nothing when there is no common version (SE-10).
std::optional<std::string_view> choose_version(std::optional<std::string_view> accept_version,
                                               TokenRule tokens = TokenRule::trimmed);

}  // namespace ondol::stomp
