#include <ondol/json/reasons.hpp>

#include <boost/json.hpp>

#include <ondol/base/text.hpp>

namespace ondol::json {

std::string with_reason(std::string body, const Reasons& reasons, std::string_view languages) {
  boost::system::error_code failed;
  auto value = boost::json::parse(body, failed);
  auto* const object = failed ? nullptr : value.if_object();
  if (!object) return body;
  const auto* const code = object->if_contains("code");
  auto* const reason = object->if_contains("reason");
  if (!code || !code->is_string() || !reason || !reason->is_string()) return body;
  const auto number = parse_number<std::uint16_t>(std::string_view{code->get_string()});
  if (!number) return body;
  const std::string chosen = reasons(*number, std::string_view{reason->get_string()}, languages);
  *reason = chosen;
  return boost::json::serialize(value);
}

}  // namespace ondol::json
