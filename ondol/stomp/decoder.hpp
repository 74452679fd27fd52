#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <ondol/base/result.hpp>
#include <ondol/stomp/frame.hpp>
#include <ondol/stomp/limits.hpp>

namespace ondol::stomp {

struct DecodeError {
  std::string text;  // for the ERROR frame
};

struct Decoded {
  std::vector<Frame> frames;
  bool heartbeat = false;  // the message held nothing but ends of lines (ST-14)
};

// Turns the WebSocket messages of one session into frames. A frame may be cut anywhere; what is not used yet is kept,
// and no octet is looked at twice. Belongs to one session and lives on its loop. Never throws.
class Decoder {
 public:
  explicit Decoder(Limits limits) : limits_{limits} {}

  // After an error everything decoded from this message is discarded (ST-7), and the session is finished (ST-6).
  Result<Decoded, DecodeError> feed(std::string_view message);

 private:
  enum class Step { done, need_more };
  using Progress = Result<Step, DecodeError>;

  Progress decode(Decoded& into);
  Progress take_command();
  Progress take_headers();
  Progress take_body(Decoded& into);
  std::optional<DecodeError> add_header(std::string_view line);
  std::optional<DecodeError> headers_complete();
  Result<std::optional<std::string_view>, DecodeError> take_line();

  enum class Stage { between, headers, body };

  Limits limits_;
  std::string pending_;
  std::size_t used_ = 0;     // octets of pending_ that are decoded
  std::size_t scanned_ = 0;  // octets of pending_ that hold no end of the current line or body
  std::size_t begun_ = 0;    // octets since the end of the last whole frame
  Stage stage_ = Stage::between;
  Frame frame_;
  std::optional<std::size_t> content_length_;
};

}  // namespace ondol::stomp
