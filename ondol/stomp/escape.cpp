#include <ondol/stomp/escape.hpp>

namespace ondol::stomp {
namespace {

// The letter behind the backslash, or NUL for an octet that stands for itself.
constexpr char escape_letter(char c) {
  switch (c) {
    case '\\':
      return '\\';
    case ':':
      return 'c';
    case '\n':
      return 'n';
    case '\r':
      return 'r';
    default:
      return '\0';
  }
}

// The octet that the letter stands for, or NUL for a letter that stands for none.
constexpr char escaped_octet(char letter) {
  switch (letter) {
    case '\\':
      return '\\';
    case 'c':
      return ':';
    case 'n':
      return '\n';
    case 'r':
      return '\r';
    default:
      return '\0';
  }
}

}  // namespace

void append_escaped(std::string& out, std::string_view text) {
  std::size_t copied = 0;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char letter = escape_letter(text[i]);
    if (letter == '\0') continue;
    out.append(text.substr(copied, i - copied));
    out += '\\';
    out += letter;
    copied = i + 1;
  }
  out.append(text.substr(copied));
}

Result<std::string, IllegalEscape> unescape(std::string_view text) {
  std::string out;
  out.reserve(text.size());
  std::size_t copied = 0;
  for (auto at = text.find('\\'); at != std::string_view::npos; at = text.find('\\', copied)) {
    const char octet = at + 1 < text.size() ? escaped_octet(text[at + 1]) : '\0';
    if (octet == '\0') return fail(IllegalEscape{at});
    out.append(text.substr(copied, at - copied));
    out += octet;
    copied = at + 2;
  }
  out.append(text.substr(copied));
  return out;
}

}  // namespace ondol::stomp
