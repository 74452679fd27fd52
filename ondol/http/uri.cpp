#include <ondol/http/uri.hpp>

#include <algorithm>

#include <ondol/base/encoding.hpp>
#include <ondol/base/text.hpp>
#include <ondol/base/utf8.hpp>

namespace ondol::http {

std::optional<std::vector<std::pair<std::string, std::string>>> parse_query(
    std::string_view query) {
  std::vector<std::pair<std::string, std::string>> pairs;
  if (query.empty()) return pairs;
  for (const auto piece : split(query, '&')) {
    if (piece.empty()) continue;
    if (pairs.size() == kMaxQueryPairs) return std::nullopt;
    const auto equals = piece.find('=');
    std::string name{piece.substr(0, equals)};
    std::string value{equals == std::string_view::npos ? std::string_view{}
                                                       : piece.substr(equals + 1)};
    std::ranges::replace(name, '+', ' ');
    std::ranges::replace(value, '+', ' ');
    auto decoded_name = percent_decode(name);
    auto decoded_value = percent_decode(value);
    if (!decoded_name || !decoded_value) return std::nullopt;
    pairs.emplace_back(std::move(*decoded_name), std::move(*decoded_value));
  }
  return pairs;
}

std::optional<std::vector<std::string>> parse_path(std::string_view path) {
  constexpr std::string_view kRefused = " \"<>[\\]^`{|}";
  if (!path.starts_with('/') || path.find_first_of(kRefused) != std::string_view::npos) {
    return std::nullopt;
  }
  std::vector<std::string> segments;
  for (const auto piece : split(path.substr(1), '/')) {
    auto segment = percent_decode(piece);
    constexpr std::string_view kSeparators{"/\\\0", 3};
    if (!segment || segment->find_first_of(kSeparators) != std::string::npos ||
        !is_valid_utf8(*segment)) {
      return std::nullopt;
    }
    segments.push_back(std::move(*segment));
  }
  return segments;
}

}  // namespace ondol::http
