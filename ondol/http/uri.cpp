#include <ondol/http/uri.hpp>

#include <algorithm>

#include <ondol/base/encoding.hpp>
#include <ondol/base/text.hpp>

namespace ondol::http {

std::optional<std::vector<std::pair<std::string, std::string>>> parse_query(std::string_view query) {
  std::vector<std::pair<std::string, std::string>> pairs;
  if (query.empty()) return pairs;
  for (const auto piece : split(query, '&')) {
    if (piece.empty()) continue;
    const auto equals = piece.find('=');
    std::string name{piece.substr(0, equals)};
    std::string value{equals == std::string_view::npos ? std::string_view{} : piece.substr(equals + 1)};
    std::ranges::replace(name, '+', ' ');
    std::ranges::replace(value, '+', ' ');
    auto decoded_name = percent_decode(name);
    auto decoded_value = percent_decode(value);
    if (!decoded_name || !decoded_value) return std::nullopt;
    pairs.emplace_back(std::move(*decoded_name), std::move(*decoded_value));
  }
  return pairs;
}

}  // namespace ondol::http
