#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <ondol/base/result.hpp>
#include <ondol/stomp/frame.hpp>
#include <ondol/stomp/limits.hpp>
#include <ondol/stomp/token_rule.hpp>

namespace ondol::stomp {

struct DecodeError {
  std::string text;  // for the `message` header of the ERROR frame: valid UTF-8 without NUL, never
                     // a passcode
};

struct Decoded {
  std::vector<Frame> frames;
  bool heartbeat =
      false;  // the message completed nothing but ends of lines: one heart-beat (ST-14)
};

// Turns the WebSocket messages of one session, text and binary alike, into frames (ST-1). A frame
// may be cut anywhere; no octet is looked at again because more arrive, so the work is linear
// however small the pieces are. Holds no more than Limits allow. Belongs to one session and is used
// on one thread at a time; throws nothing but std::bad_alloc.
class Decoder {
 public:
  explicit Decoder(Limits limits, TokenRule tokens = TokenRule::trimmed)
      : limits_{limits}, tokens_{tokens} {}

  // After an error everything decoded from this message is discarded (ST-7) and the decoder is
  // finished: the session ends with ERROR and close 1002 (ST-6), and whatever still arrives is
  // dropped silently (ST-8).
  Result<Decoded, DecodeError> feed(std::string_view message);

  bool finished() const { return stage_ == Stage::finished; }

 private:
  enum class Stage : std::uint8_t { command, headers, body, finished };
  enum class Step : std::uint8_t { done, need_more };
  using Progress = Result<Step, DecodeError>;
  using Line = Result<std::optional<std::string_view>, DecodeError>;

  Progress decode(Decoded& into);
  Progress take_command();
  Progress take_headers();
  Progress take_body(Decoded& into);
  Line find_line(std::size_t max_length);
  void consume(std::size_t count);
  bool skip_ends_of_lines();
  std::optional<DecodeError> add_header(std::string_view line);
  std::optional<DecodeError> note_content_length(std::string_view text);
  std::optional<DecodeError> finish_frame();
  void keep_rest();
  Failure<DecodeError> finish(DecodeError error);

  Limits limits_;
  TokenRule tokens_;
  Stage stage_ = Stage::command;
  std::string pending_;  // the beginning of a line whose end is still to come
  std::string_view
      input_;             // during feed(): pending_ and the message behind it, or the message alone
  std::size_t used_ = 0;  // octets of input_ that are decoded
  std::size_t scanned_ = 0;   // octets of input_ that are known to hold no end of the current line
  std::size_t line_end_ = 0;  // behind the end of the line that find_line() gave
  std::size_t frame_size_ = 0;  // octets of the unfinished frame that are decoded
  Frame frame_;
  std::optional<std::size_t> content_length_;
};

}  // namespace ondol::stomp
