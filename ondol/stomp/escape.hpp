#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace ondol::stomp {

// \r \n \c \\ in all versions (ST-22, ST-23, ST-43).
void append_escaped(std::string& out, std::string_view text);

// Nothing for any other escape, or a backslash at the end.
std::optional<std::string> unescape(std::string_view text);

}  // namespace ondol::stomp
