#include <ondol/stomp/version.hpp>

#include <ondol/base/text.hpp>

namespace ondol::stomp {

std::optional<std::string_view> choose_version(std::optional<std::string_view> accept_version) {
  if (!accept_version) return "1.0";
  for (const std::string_view version : {"1.2", "1.1", "1.0"}) {
    for (const auto offered : split(*accept_version, ',')) {
      if (trim(offered) == version) return version;
    }
  }
  return std::nullopt;
}

}  // namespace ondol::stomp
