#include <ondol/web/exchange.hpp>

#include <ondol/base/encoding.hpp>
#include <ondol/base/error.hpp>
#include <ondol/base/utf8.hpp>
#include <ondol/http/uri.hpp>

namespace ondol::web {
namespace {

[[noreturn]] void bad_request() {
  throw Error{ErrorCode{4000}, "The request target is malformed."};
}

}  // namespace

std::optional<std::string> Exchange::find_variable(std::string_view name) const {
  for (const auto& [key, value] : variables_) {
    if (key != name) continue;
    auto decoded = percent_decode(value);
    if (!decoded || !is_valid_utf8(*decoded)) bad_request();
    return decoded;
  }
  return std::nullopt;
}

std::optional<std::string> Exchange::find_header(std::string_view name) const {
  const auto value = request_.headers.first(name);
  if (!value) return std::nullopt;
  return std::string{*value};
}

std::optional<std::string> Exchange::find_query(std::string_view name) {
  if (!query_) {
    query_ = http::parse_query(request_.query);
    if (!query_) bad_request();
  }
  for (const auto& [key, value] : *query_) {
    if (key != name) continue;
    if (!is_valid_utf8(value)) bad_request();
    return value;
  }
  return std::nullopt;
}

}  // namespace ondol::web
