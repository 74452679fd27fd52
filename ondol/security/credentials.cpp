#include <ondol/security/credentials.hpp>

#include <ondol/base/text.hpp>

namespace ondol::security {

std::optional<std::string_view> bearer_token(std::string_view authorization) {
  constexpr std::string_view kPrefix = "Bearer ";
  if (authorization.size() >= kPrefix.size() &&
      iequals(authorization.substr(0, kPrefix.size()), kPrefix)) {
    authorization.remove_prefix(kPrefix.size());
  }
  const auto token = trim(authorization);
  if (token.empty()) return std::nullopt;
  return token;
}

}  // namespace ondol::security
