#include <ondol/stomp/mime_type.hpp>

#include <algorithm>
#include <array>

#include <ondol/base/text.hpp>

namespace ondol::stomp {
namespace {

constexpr std::array<std::string_view, 14> kCharsets{
    "utf-8",  "utf8",       "us-ascii",     "ascii",      "iso-8859-1", "latin1",  "iso-8859-15",
    "utf-16", "utf-16be",   "utf-16le",     "utf-32",     "euc-kr",     "ms949",   "windows-1252"};

bool is_token(std::string_view text) {
  return !text.empty() && std::ranges::all_of(text, [](char c) {
    return c > 0x20 && c < 0x7F && std::string_view{"()<>@,;:\\\"/[]?={}"}.find(c) == std::string_view::npos;
  });
}

bool is_parameter(std::string_view text) {
  const auto equals = text.find('=');
  if (equals == std::string_view::npos || !is_token(text.substr(0, equals))) return false;
  auto value = text.substr(equals + 1);
  if (value.size() >= 2 && value.starts_with('"') && value.ends_with('"')) {
    value = value.substr(1, value.size() - 2);
  } else if (!is_token(value)) {
    return false;
  }
  if (!iequals(text.substr(0, equals), "charset")) return true;
  return std::ranges::any_of(kCharsets, [&](std::string_view known) { return iequals(value, known); });
}

}  // namespace

bool is_mime_type(std::string_view text) {
  const auto pieces = split(text, ';');
  const auto type = trim(pieces.front());
  const auto slash = type.find('/');
  if (slash == std::string_view::npos || !is_token(type.substr(0, slash)) || !is_token(type.substr(slash + 1))) {
    return false;
  }
  return std::all_of(pieces.begin() + 1, pieces.end(),
                     [](std::string_view piece) { return trim(piece).empty() || is_parameter(trim(piece)); });
}

}  // namespace ondol::stomp
