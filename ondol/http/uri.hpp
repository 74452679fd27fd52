#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace ondol::http {

// Of one query or form (WB-145).
inline constexpr std::size_t kMaxQueryPairs = 1'000;

// name=value pairs of a query or a form in their order, decoded; a + is a blank, a name without =
// has an empty value. Nothing for a broken %-escape or more than kMaxQueryPairs.
std::optional<std::vector<std::pair<std::string, std::string>>> parse_query(std::string_view query);

// The decoded segments between the slashes of a path that begins with one; "/" is one empty
// segment. Nothing for what WB-70 refuses: a broken %-escape, an encoded slash, a backslash, a NUL,
// characters that a target may not have, and what is not UTF-8.
std::optional<std::vector<std::string>> parse_path(std::string_view path);

}  // namespace ondol::http
