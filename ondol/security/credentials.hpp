#pragma once

#include <optional>
#include <string_view>

namespace ondol::security {

// The token of an Authorization value: what follows `Bearer ` in any case, or the raw value (AU-1,
// prefix optional). Nothing when that is empty or blank.
std::optional<std::string_view> bearer_token(std::string_view authorization);

}  // namespace ondol::security
