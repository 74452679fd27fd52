#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace ondol::config {

// Whether `expression` holds for the active profiles: names, `!`, `&`, `|` and parentheses; `&`
// and `|` must not be mixed without parentheses (WB-418). Throws SettingsError for anything else.
bool matches_profiles(std::string_view expression, const std::vector<std::string>& active);

}  // namespace ondol::config
