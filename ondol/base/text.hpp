#pragma once

#include <charconv>
#include <concepts>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace ondol {

// Without the blanks and tabs at both ends.
std::string_view trim(std::string_view text);

// The pieces between the separators; one piece more than there are separators.
std::vector<std::string_view> split(std::string_view text, char separator);

// ASCII letters only, as header names and tokens of HTTP are compared (RFC 9110 §5.1).
bool iequals(std::string_view left, std::string_view right);
std::string to_lower(std::string_view text);

// The whole text as a number, decimal unless another base is given; nothing when it is none or does
// not fit.
template <std::integral Number>
std::optional<Number> parse_number(std::string_view text, int base = 10) {
  Number number{};
  const auto* end = text.data() + text.size();
  const auto [stop, error] = std::from_chars(text.data(), end, number, base);
  if (error != std::errc{} || stop != end) return std::nullopt;
  return number;
}

}  // namespace ondol
