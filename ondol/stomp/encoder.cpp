#include <ondol/stomp/encoder.hpp>

#include <ondol/base/text.hpp>
#include <ondol/base/utf8.hpp>
#include <ondol/stomp/escape.hpp>

namespace ondol::stomp {
namespace {

void append_plain(std::string& out, std::string_view text) {
  for (const char c : text) {
    if (c != '\r' && c != '\n' && c != '\0') out += c;
  }
}

}  // namespace

void append_header(std::string& out, std::string_view name, std::string_view value, bool escape) {
  if (escape) {
    append_escaped(out, name);
    out += ':';
    append_escaped(out, value);
  } else {
    append_plain(out, name);
    out += ':';
    append_plain(out, value);
  }
  out += '\n';
}

std::string encode(const Frame& frame) {
  const bool escape = !has_plain_headers(frame.command);
  const bool with_length = may_have_body(frame.command);
  std::string out;
  out.reserve(128 + frame.body.size());
  out += to_text(frame.command);
  out += '\n';
  for (const auto& [name, value] : frame.headers) {
    if (with_length && name == "content-length") continue;  // ST-41
    const bool secret = !escape && name == "passcode" && !frame.passcode.empty();
    append_header(out, name, secret ? frame.passcode : value, escape);
  }
  if (with_length) {
    out += "content-length:";
    out += std::to_string(frame.body.size());
    out += '\n';
  }
  out += '\n';
  out += frame.body;
  out += '\0';
  return out;
}

bool goes_as_binary(const Frame& frame) {
  if (!frame.body.empty()) {
    auto type = frame.headers.first("content-type").value_or("");
    type = trim(type.substr(0, type.find(';')));
    if (iequals(type, "application/octet-stream") || type == "*/*" || iequals(type, "application/*")) return true;
  }
  if (!is_valid_utf8(frame.body)) return true;
  for (const auto& [name, value] : frame.headers) {
    if (!is_valid_utf8(name) || !is_valid_utf8(value)) return true;
  }
  return false;
}

}  // namespace ondol::stomp
