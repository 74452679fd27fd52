#include <ondol/stomp/encoder.hpp>

#include <algorithm>

#include <ondol/base/utf8.hpp>
#include <ondol/stomp/escape.hpp>
#include <ondol/stomp/mime_type.hpp>

namespace ondol::stomp {
namespace {

void append_plain(std::string& out, std::string_view text) {
  for (const char c : text) {
    if (c != '\r' && c != '\n' && c != '\0') out += c;
  }
}

// Enough for most escaped frames, so that the text is seldom moved while it grows.
std::size_t estimated_size(const Frame& frame) {
  std::size_t size = 48 + frame.body.size() + frame.passcode.size();
  for (const auto& [name, value] : frame.headers) size += name.size() + value.size() + 4;
  return size;
}

}  // namespace

void append_header(std::string& out, std::string_view name, std::string_view value, bool escape) {
  const auto append = escape ? append_escaped : append_plain;
  append(out, name);
  out += ':';
  append(out, value);
  out += '\n';
}

void append_frame(std::string& out, const Frame& frame) {
  const bool escape = !has_plain_headers(frame.command);
  const bool with_body = may_have_body(frame.command);
  const bool with_passcode = may_have_passcode(frame.command) && !frame.passcode.empty();
  out += to_text(frame.command);
  out += '\n';
  for (const auto& [name, value] : frame.headers) {
    if (with_body && name == "content-length") continue;      // ST-41
    const bool secret = with_passcode && name == "passcode";  // ST-35
    append_header(out, name, secret ? frame.passcode : value, escape);
  }
  if (with_body) {
    append_header(out, "content-length", std::to_string(frame.body.size()), false);
    out += '\n';
    out += frame.body;
  } else {
    out += '\n';
  }
  out += '\0';
}

std::string encode(const Frame& frame) {
  std::string out;
  out.reserve(estimated_size(frame));
  append_frame(out, frame);
  return out;
}

bool goes_as_binary(const Frame& frame) {
  const bool has_body = may_have_body(frame.command) && !frame.body.empty();
  if (has_body) {
    const auto type = frame.headers.first("content-type");
    if ((type && covers_octet_stream(*type)) || !is_valid_utf8(frame.body)) return true;
  }
  return std::ranges::any_of(frame.headers, [](const Headers::Entry& entry) {
    return !is_valid_utf8(entry.first) || !is_valid_utf8(entry.second);
  });
}

}  // namespace ondol::stomp
