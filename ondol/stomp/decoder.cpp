#include <ondol/stomp/decoder.hpp>

#include <algorithm>
#include <limits>
#include <utility>

#include <ondol/base/utf8.hpp>
#include <ondol/stomp/detail/decimal.hpp>
#include <ondol/stomp/escape.hpp>
#include <ondol/stomp/heartbeat.hpp>
#include <ondol/stomp/mime_type.hpp>

namespace ondol::stomp {
namespace {

constexpr std::string_view kReplacement = "\xEF\xBF\xBD";
constexpr std::size_t kLongestCharacter = 4;
constexpr std::size_t kUsualHeaders = 8;
constexpr std::size_t kLongestQuotation = 64;
constexpr std::size_t kNoLimit = std::numeric_limits<std::size_t>::max();
// A longer buffer is given back as soon as it is empty: most sessions never need one again.
constexpr std::size_t kKeptCapacity = 1'024;

// The size of the valid character at the beginning, 0 if there is none.
std::size_t character_size(std::string_view text) {
  for (std::size_t size = 1; size <= std::min(kLongestCharacter, text.size()); ++size) {
    if (is_valid_utf8(text.substr(0, size))) return size;
  }
  return 0;
}

// ST-20: an octet that belongs to no valid character becomes U+FFFD.
std::string with_replacements(std::string_view text) {
  if (is_valid_utf8(text)) return std::string{text};
  std::string out;
  while (!text.empty()) {
    const auto size = character_size(text);
    out.append(size > 0 ? text.substr(0, size) : kReplacement);
    text.remove_prefix(std::max<std::size_t>(size, 1));
  }
  return out;
}

// What a client sent, fit for a header of an ERROR frame, which cannot hold a NUL.
std::string quotable(std::string_view text) {
  std::string out;
  for (const char c : with_replacements(text)) {
    if (c == '\0') {
      out += kReplacement;
    } else {
      out += c;
    }
  }
  return out;
}

DecodeError lone_cr() {
  return {"'\\r' must be followed by '\\n'"};
}  // ST-11

}  // namespace

Result<Decoded, DecodeError> Decoder::feed(std::string_view message) {
  if (finished()) return Decoded{};
  // ST-2, ST-3: judged before anything is decoded. The sum cannot overflow: what is held is within
  // the limit.
  if (message.size() > limits_.message_size ||
      frame_size_ + pending_.size() > limits_.message_size - message.size()) {
    return finish({"The configured STOMP buffer size limit of " +
                   std::to_string(limits_.message_size) + " bytes has been exceeded"});
  }
  const bool between_frames = stage_ == Stage::command;
  if (pending_.empty()) {
    input_ = message;
  } else {
    pending_ += message;
    input_ = pending_;
  }

  Decoded decoded;
  for (auto step = Step::done; step == Step::done;) {
    const auto progress = decode(decoded);
    if (!progress) return finish(progress.error());
    step = *progress;
  }
  decoded.heartbeat = between_frames && stage_ == Stage::command && decoded.frames.empty() &&
                      used_ == input_.size() && !message.empty();
  keep_rest();
  return decoded;
}

Failure<DecodeError> Decoder::finish(DecodeError error) {
  stage_ = Stage::finished;
  pending_ = {};
  input_ = {};
  frame_ = {};
  return fail(std::move(error));
}

void Decoder::keep_rest() {
  const auto rest = input_.size() - used_;
  if (input_.data() == pending_.data()) {
    pending_.erase(0, used_);
  } else {
    pending_.assign(input_.substr(used_));
  }
  if (rest == 0 && pending_.capacity() > kKeptCapacity) pending_ = {};
  scanned_ -= std::min(scanned_, used_);
  used_ = 0;
  input_ = {};
}

Decoder::Progress Decoder::decode(Decoded& into) {
  switch (stage_) {
    case Stage::command:
      return take_command();
    case Stage::headers:
      return take_headers();
    case Stage::body:
      return take_body(into);
    case Stage::finished:
      break;
  }
  return Step::need_more;
}

void Decoder::consume(std::size_t count) {
  used_ += count;
  frame_size_ += count;
}

// The next line without its end, or nothing while it is incomplete; it is not consumed, line_end_
// is behind it. ST-10: it ends in LF or CR LF. ST-12: a CR at the very end may still become CR LF.
Decoder::Line Decoder::find_line(std::size_t max_length) {
  const auto from = std::max(used_, scanned_);
  const auto lf = std::min(input_.find('\n', from), input_.size());
  const auto end = std::min(input_.substr(0, lf).find('\r', from), lf);
  if (end - used_ > max_length) {  // ST-33
    return fail(DecodeError{"The STOMP header length limit of " + std::to_string(max_length) +
                            " bytes has been exceeded"});
  }
  if (end < lf && end + 1 < input_.size() && end + 1 != lf) return fail(lone_cr());
  scanned_ = end;
  if (lf == input_.size()) return std::optional<std::string_view>{};
  line_end_ = lf + 1;
  return std::optional{input_.substr(used_, end - used_)};
}

// ST-13: any number before a command. They belong to no frame and count towards no limit. False at
// a lone CR.
bool Decoder::skip_ends_of_lines() {
  while (used_ < input_.size()) {
    if (input_[used_] == '\n') {
      ++used_;
    } else if (input_[used_] == '\r' && used_ + 1 < input_.size()) {
      if (input_[used_ + 1] != '\n') return false;
      used_ += 2;
    } else {
      break;
    }
  }
  return true;
}

Decoder::Progress Decoder::take_command() {
  if (!skip_ends_of_lines()) return fail(lone_cr());
  const auto line = find_line(kNoLimit);
  if (!line) return fail(line.error());
  // ST-16: a command is judged when at least one more octet is there.
  if (!*line || line_end_ == input_.size()) return Step::need_more;
  const auto command = find_command(**line);
  if (!command) {
    return fail(
        DecodeError{"Unknown STOMP command: " + quotable((*line)->substr(0, kLongestQuotation))});
  }
  consume(line_end_ - used_);
  frame_.command = *command;
  frame_.headers.reserve(kUsualHeaders);
  content_length_.reset();
  stage_ = Stage::headers;
  return Step::done;
}

Decoder::Progress Decoder::take_headers() {
  while (true) {
    const auto line = find_line(limits_.max_header_length);
    if (!line) return fail(line.error());
    if (!*line) return Step::need_more;
    consume(line_end_ - used_);
    if ((*line)->empty()) break;  // ST-25
    if (auto error = add_header(**line)) return fail(std::move(*error));
  }
  stage_ = Stage::body;
  return Step::done;
}

std::optional<DecodeError> Decoder::add_header(std::string_view line) {
  if (frame_.headers.size() >= limits_.max_headers) {  // ST-33
    return DecodeError{"The STOMP header limit of " + std::to_string(limits_.max_headers) +
                       " headers has been exceeded"};
  }
  const auto colon = line.find(':');
  if (colon == std::string_view::npos || colon == 0) {  // ST-18
    return DecodeError{"Illegal header: '" + quotable(line) +
                       "'. A header must be of the form <name>:[<value>]."};
  }
  const bool escaped =
      !has_plain_headers(frame_.command) && line.find('\\') != std::string_view::npos;
  Headers::Entry entry;
  for (auto [raw, text] : {std::pair{line.substr(0, colon), &entry.first},
                           std::pair{line.substr(colon + 1), &entry.second}}) {
    if (!escaped) {
      *text = with_replacements(raw);
      continue;
    }
    const auto plain = unescape(raw);
    if (!plain) {  // ST-22
      return DecodeError{"Illegal escape sequence at index " + std::to_string(plain.error().index) +
                         ": " + quotable(raw)};
    }
    *text = with_replacements(*plain);
  }
  if (entry.first == "content-length" && !frame_.headers.has("content-length")) {
    if (auto error = note_content_length(entry.second)) return error;
  }
  frame_.headers.add(std::move(entry));
  return std::nullopt;
}

// ST-26 to ST-28: negative or no number is no length at all.
std::optional<DecodeError> Decoder::note_content_length(std::string_view text) {
  const auto length = detail::parse_decimal<std::int32_t>(text);
  if (!length || *length < 0) return std::nullopt;
  content_length_ = static_cast<std::size_t>(*length);
  if (*content_length_ <= limits_.message_size) return std::nullopt;
  return DecodeError{"STOMP 'content-length' header value " + std::to_string(*length) +
                     " exceeds configured buffer size limit " +
                     std::to_string(limits_.message_size)};  // ST-5
}

Decoder::Progress Decoder::take_body(Decoded& into) {
  const auto rest = input_.substr(used_);
  // ST-26, ST-29: that many octets, or up to the first NUL.
  const auto size = content_length_ ? std::min(*content_length_ - frame_.body.size(), rest.size())
                                    : std::min(rest.find('\0'), rest.size());
  frame_.body.append(rest.substr(0, size));
  consume(size);
  if (size == rest.size()) return Step::need_more;
  if (rest[size] != '\0') return fail(DecodeError{"Frame must be terminated with a null octet"});
  consume(1);
  if (auto error = finish_frame()) return fail(std::move(*error));
  into.frames.push_back(std::exchange(frame_, {}));
  frame_size_ = 0;
  stage_ = Stage::command;
  return Step::done;
}

// What is judged of a complete frame only.
std::optional<DecodeError> Decoder::finish_frame() {
  if (!frame_.body.empty() && !may_have_body(frame_.command)) {  // ST-30
    return DecodeError{std::string{to_text(frame_.command)} +
                       " shouldn't have a payload: length=" + std::to_string(frame_.body.size())};
  }
  const auto type = frame_.headers.first("content-type");
  if (type && !is_mime_type(*type)) {  // ST-31
    return DecodeError{"Invalid mime type \"" + quotable(*type) + '"'};
  }
  const auto beat = frame_.headers.first("heart-beat");
  if (beat && !parse_heart_beat(*beat, tokens_)) {  // ST-36
    return DecodeError{"Invalid heart-beat header: " + quotable(*beat)};
  }
  if (may_have_passcode(frame_.command)) {
    const auto passcode = frame_.headers.first("passcode").value_or("");
    if (!passcode.empty()) {  // ST-35
      frame_.passcode = passcode;
      frame_.headers.set("passcode", "PROTECTED");
    }
  }
  return std::nullopt;
}

}  // namespace ondol::stomp
