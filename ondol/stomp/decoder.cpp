#include <ondol/stomp/decoder.hpp>

#include <algorithm>
#include <utility>

#include <ondol/base/text.hpp>
#include <ondol/base/utf8.hpp>
#include <ondol/stomp/escape.hpp>
#include <ondol/stomp/heartbeat.hpp>
#include <ondol/stomp/mime_type.hpp>

namespace ondol::stomp {
namespace {

bool only_ends_of_lines(std::string_view text) {
  return !text.empty() && text.find_first_not_of("\r\n") == std::string_view::npos;
}

// ST-20: what is no UTF-8 becomes U+FFFD, octet by octet.
std::string with_replacements(std::string text) {
  if (is_valid_utf8(text)) return text;
  std::string out;
  for (std::size_t i = 0; i < text.size();) {
    std::size_t size = 1;
    while (size <= 4 && i + size <= text.size() && !is_valid_utf8(std::string_view{text}.substr(i, size))) ++size;
    if (size <= 4 && i + size <= text.size()) {
      out.append(text, i, size);
      i += size;
    } else {
      out += "\xEF\xBF\xBD";
      ++i;
    }
  }
  return out;
}

}  // namespace

Result<Decoded, DecodeError> Decoder::feed(std::string_view message) {
  const bool was_between = begun_ == 0;
  // ST-2, ST-3: judged before anything is decoded.
  if (begun_ + message.size() > limits_.message_size) {
    return fail(DecodeError{"The configured STOMP buffer size limit of " + std::to_string(limits_.message_size) +
                            " bytes has been exceeded"});
  }
  if (used_ > 0) {
    pending_.erase(0, used_);
    scanned_ -= std::min(scanned_, used_);
    used_ = 0;
  }
  pending_ += message;
  begun_ += message.size();

  Decoded decoded;
  while (true) {
    const auto step = decode(decoded);
    if (!step) return fail(step.error());
    if (*step == Step::need_more) break;
  }
  if (used_ == pending_.size()) {
    pending_.clear();
    used_ = scanned_ = 0;
  }
  if (stage_ == Stage::between) begun_ = pending_.size() - used_;
  decoded.heartbeat = was_between && decoded.frames.empty() && only_ends_of_lines(message);
  return decoded;
}

Decoder::Progress Decoder::decode(Decoded& into) {
  switch (stage_) {
    case Stage::between:
      return take_command();
    case Stage::headers:
      return take_headers();
    case Stage::body:
      return take_body(into);
  }
  return Step::need_more;
}

// The next line without its end, or nothing while it is incomplete. ST-10 to ST-12: LF or CR LF; a CR that something
// else follows is an error, a CR at the very end may still become CR LF.
Result<std::optional<std::string_view>, DecodeError> Decoder::take_line() {
  using Line = std::optional<std::string_view>;
  const auto end = pending_.find_first_of("\r\n", std::max(used_, scanned_));
  if (end == std::string::npos) {
    scanned_ = pending_.size();
    if (scanned_ - used_ > limits_.max_header_length) return fail(DecodeError{"A header line is too long"});
    return Line{};
  }
  std::size_t next = end + 1;
  if (pending_[end] == '\r') {
    if (next == pending_.size()) {
      scanned_ = end;
      return Line{};
    }
    if (pending_[next] != '\n') return fail(DecodeError{"'\\r' must be followed by '\\n'"});
    ++next;
  }
  const auto line = std::string_view{pending_}.substr(used_, end - used_);
  if (line.size() > limits_.max_header_length) return fail(DecodeError{"A header line is too long"});
  used_ = scanned_ = next;
  return Line{line};
}

Decoder::Progress Decoder::take_command() {
  // ST-13: any number of ends of lines before a command.
  while (used_ < pending_.size()) {
    if (pending_[used_] == '\n') {
      ++used_;
    } else if (pending_[used_] == '\r') {
      if (used_ + 1 == pending_.size()) return Step::need_more;
      if (pending_[used_ + 1] != '\n') return fail(DecodeError{"'\\r' must be followed by '\\n'"});
      used_ += 2;
    } else {
      break;
    }
  }
  if (used_ == pending_.size()) return Step::need_more;

  const auto line = take_line();
  if (!line) return fail(line.error());
  if (!*line) {
    // ST-16: a text that is longer than any command, or holds a NUL, can become none.
    const auto begun = std::string_view{pending_}.substr(used_);
    if (begun.size() > 32 || begun.find('\0') != std::string_view::npos) {
      return fail(DecodeError{"No enum constant for the STOMP command"});
    }
    return Step::need_more;
  }
  const auto command = find_command(**line);
  if (!command) return fail(DecodeError{"Unknown STOMP command: " + with_replacements(std::string{**line})});
  frame_ = {};
  frame_.command = *command;
  content_length_.reset();
  stage_ = Stage::headers;
  return Step::done;
}

Decoder::Progress Decoder::take_headers() {
  while (true) {
    const auto line = take_line();
    if (!line) return fail(line.error());
    if (!*line) return Step::need_more;
    if ((*line)->empty()) break;  // ST-25
    if (auto error = add_header(**line)) return fail(std::move(*error));
  }
  if (auto error = headers_complete()) return fail(std::move(*error));
  stage_ = Stage::body;
  return Step::done;
}

std::optional<DecodeError> Decoder::add_header(std::string_view line) {
  if (frame_.headers.size() >= limits_.max_headers) return DecodeError{"Too many headers"};
  const auto colon = line.find(':');
  if (colon == std::string_view::npos || colon == 0) {
    return DecodeError{"Illegal header: '" + with_replacements(std::string{line}) +
                       "'. A header must be of the form <name>:[<value>]."};
  }
  std::string name{line.substr(0, colon)};
  std::string value{line.substr(colon + 1)};
  if (!has_plain_headers(frame_.command)) {
    auto plain_name = unescape(name);
    auto plain_value = unescape(value);
    if (!plain_name || !plain_value) {
      return DecodeError{"Illegal escape sequence: " + with_replacements(plain_name ? value : name)};
    }
    name = std::move(*plain_name);
    value = std::move(*plain_value);
  }
  frame_.headers.add(with_replacements(std::move(name)), with_replacements(std::move(value)));
  return std::nullopt;
}

std::optional<DecodeError> Decoder::headers_complete() {
  if (const auto text = frame_.headers.first("content-length")) {
    // ST-27, ST-28: negative or no number is no length at all.
    const auto length = parse_number<std::int32_t>(*text);
    if (length && *length >= 0) {
      if (static_cast<std::size_t>(*length) > limits_.message_size) {  // ST-5
        return DecodeError{"STOMP content-length header " + std::string{*text} + " exceeds the limit of " +
                           std::to_string(limits_.message_size)};
      }
      content_length_ = static_cast<std::size_t>(*length);
    }
  }
  return std::nullopt;
}

Decoder::Progress Decoder::take_body(Decoded& into) {
  std::size_t end = 0;
  if (content_length_) {
    end = used_ + *content_length_;
    if (pending_.size() <= end) return Step::need_more;
    if (pending_[end] != '\0') return fail(DecodeError{"Frame must be terminated with a null octet"});  // ST-26
  } else {
    end = pending_.find('\0', std::max(used_, scanned_));
    if (end == std::string::npos) {
      scanned_ = pending_.size();
      return Step::need_more;
    }
  }
  frame_.body.assign(pending_, used_, end - used_);
  used_ = scanned_ = end + 1;
  begun_ = pending_.size() - used_;
  stage_ = Stage::between;

  if (!frame_.body.empty() && !may_have_body(frame_.command)) {
    return fail(DecodeError{std::string{to_text(frame_.command)} + " shouldn't have a payload: length=" +
                            std::to_string(frame_.body.size())});
  }
  if (const auto type = frame_.headers.first("content-type"); type && !is_mime_type(*type)) {  // ST-31
    return fail(DecodeError{"Invalid mime type \"" + std::string{*type} + "\""});
  }
  if (const auto beat = frame_.headers.first("heart-beat"); beat && !parse_heart_beat(*beat)) {  // ST-36
    return fail(DecodeError{"Invalid heart-beat header: " + std::string{*beat}});
  }
  if (has_plain_headers(frame_.command)) {
    if (const auto passcode = frame_.headers.first("passcode")) {  // ST-35
      frame_.passcode = *passcode;
      frame_.headers.set("passcode", "PROTECTED");
    }
  }
  into.frames.push_back(std::exchange(frame_, {}));
  return Step::done;
}

}  // namespace ondol::stomp
