#pragma once

#include <concepts>
#include <optional>
#include <string_view>

#include <ondol/base/text.hpp>

namespace ondol::stomp::detail {

// A signed decimal number that is the whole text. Clients are used to servers that take a leading
// plus (ST-26, ST-36).
template <std::signed_integral Number>
std::optional<Number> parse_decimal(std::string_view text) {
  if (text.size() > 1 && text[0] == '+' && text[1] != '-') text.remove_prefix(1);
  return parse_number<Number>(text);
}

}  // namespace ondol::stomp::detail
