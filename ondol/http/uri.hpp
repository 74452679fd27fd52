#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace ondol::http {

// name=value pairs of a query or a form, decoded; a + is a blank. Nothing for a broken %-escape.
std::optional<std::vector<std::pair<std::string, std::string>>> parse_query(std::string_view query);

}  // namespace ondol::http
