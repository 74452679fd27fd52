#include <ondol/stomp/mime_type.hpp>

#include <algorithm>
#include <array>
#include <optional>

#include <ondol/base/text.hpp>

namespace ondol::stomp {
namespace {

constexpr auto kCharsets = std::to_array<std::string_view>({
    "utf-8",          "utf8",        "us-ascii",    "ascii",         "latin1",    "utf-16",
    "utf-16be",       "utf-16le",    "utf-32",      "utf-32be",      "utf-32le",  "euc-kr",
    "ks_c_5601-1987", "iso-2022-kr", "ms949",       "x-windows-949", "euc-jp",    "shift_jis",
    "windows-31j",    "ms932",       "iso-2022-jp", "gb2312",        "gbk",       "gb18030",
    "big5",           "big5-hkscs",  "euc-tw",      "koi8-r",        "koi8-u",    "tis-620",
    "ibm437",         "ibm850",      "ibm852",      "ibm866",        "macintosh",
});

// The numbered families: ISO-8859-1 to -16 without -10, -12 and -14, and windows-1250 to -1258.
bool is_numbered_charset(std::string_view name) {
  const auto within = [name](std::string_view family, int low, int high) -> std::optional<int> {
    if (name.size() <= family.size() || !iequals(name.substr(0, family.size()), family)) return {};
    const auto digits = name.substr(family.size());
    const auto number = digits.front() == '0' ? std::nullopt : parse_number<int>(digits);
    return number && *number >= low && *number <= high ? number : std::nullopt;
  };
  if (const auto part = within("iso-8859-", 1, 16)) {
    return *part != 10 && *part != 12 && *part != 14;
  }
  return within("windows-", 1250, 1258).has_value();
}

bool is_charset(std::string_view name) {
  return is_numbered_charset(name) || std::ranges::any_of(kCharsets, [&](std::string_view known) {
           return iequals(name, known);
         });
}

bool is_token(std::string_view text) {
  static constexpr std::string_view kSeparators = "()<>@,;:\\\"/[]?={}";
  return !text.empty() && std::ranges::all_of(text, [](char c) {
    return c > 0x20 && c < 0x7F && kSeparators.find(c) == std::string_view::npos;
  });
}

std::optional<std::string_view> unquote(std::string_view text) {
  if (text.size() < 2 || text.front() != text.back()) return std::nullopt;
  if (text.front() != '"' && text.front() != '\'') return std::nullopt;
  return text.substr(1, text.size() - 2);
}

bool is_parameter(std::string_view text) {
  const auto equals = text.find('=');
  if (equals == std::string_view::npos) return true;
  const auto name = trim(text.substr(0, equals));
  const auto value = trim(text.substr(equals + 1));
  const auto quoted = unquote(value);
  if (!is_token(name) || (!quoted && !is_token(value))) return false;
  return !iequals(name, "charset") || is_charset(quoted.value_or(value));
}

// The end of the parameter that begins at `from`: a semicolon within quotes is none.
std::size_t parameter_end(std::string_view text, std::size_t from) {
  bool quoted = false;
  for (std::size_t i = from; i < text.size(); ++i) {
    if (text[i] == '"') quoted = !quoted;
    if (text[i] == ';' && !quoted) return i;
  }
  return text.size();
}

std::string_view without_parameters(std::string_view text) {
  return trim(text.substr(0, text.find(';')));
}

}  // namespace

bool is_mime_type(std::string_view text) {
  auto type = without_parameters(text);
  if (type == "*") type = "*/*";
  const auto slash = type.find('/');
  if (slash == std::string_view::npos) return false;
  const auto subtype = type.substr(slash + 1);
  if (!is_token(type.substr(0, slash)) || !is_token(subtype)) return false;
  if (type.substr(0, slash) == "*" && subtype != "*") return false;

  for (auto at = text.find(';'); at < text.size();) {
    const auto end = parameter_end(text, at + 1);
    if (!is_parameter(trim(text.substr(at + 1, end - at - 1)))) return false;
    at = end;
  }
  return true;
}

bool covers_octet_stream(std::string_view content_type) {
  const auto type = without_parameters(content_type);
  return type == "*" || type == "*/*" || iequals(type, "application/*") ||
         iequals(type, "application/octet-stream");
}

}  // namespace ondol::stomp
