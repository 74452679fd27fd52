#include <ondol/stomp/version.hpp>

#include <algorithm>

#include <ondol/base/text.hpp>

namespace ondol::stomp {

std::optional<std::string_view> choose_version(std::optional<std::string_view> accept_version,
                                               TokenRule tokens) {
  if (!accept_version) return "1.0";
  const auto offers = split(*accept_version, ',');
  for (const std::string_view version : {"1.2", "1.1", "1.0"}) {
    const bool offered = std::ranges::any_of(offers, [&](std::string_view offer) {
      return (tokens == TokenRule::strict ? offer : trim(offer)) == version;
    });
    if (offered) return version;
  }
  return std::nullopt;
}

}  // namespace ondol::stomp
