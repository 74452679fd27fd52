#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include <ondol/base/result.hpp>

namespace ondol::stomp {

// \r \n \c \\ in all versions (ST-22, ST-23, ST-43). STOMP has no escape for NUL: it is copied as
// it is.
void append_escaped(std::string& out, std::string_view text);

struct IllegalEscape {
  std::size_t index;  // of the backslash, in octets
};

// Any other escape and a backslash at the end are illegal (ST-22).
Result<std::string, IllegalEscape> unescape(std::string_view text);

}  // namespace ondol::stomp
