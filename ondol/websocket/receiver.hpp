#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include <ondol/base/utf8.hpp>
#include <ondol/websocket/close_status.hpp>
#include <ondol/websocket/frame_block.hpp>

namespace ondol::websocket {

// Turns what a client sends into messages, RFC 6455 §5. It refuses at the first octet that shows a
// fault: reserved bits and opcodes, an unmasked frame, a fragmented or long control frame, invalid
// UTF-8, a message above the limit. Keeps at most one message and never throws. Belongs to one
// session and lives on that session's loop.
class Receiver {
 public:
  // `inflates`: permessage-deflate was agreed on, so the first frame of a message may say that it
  // is compressed. The limit holds for what arrives and for what it unpacks to.
  explicit Receiver(std::size_t max_message_size, bool inflates = false)
      : max_message_size_{max_message_size}, inflates_{inflates} {}

  enum class Event : std::uint8_t {
    need_more,  // all input is used up
    text,
    binary,
    ping,
    pong,
    close,   // close() says what the peer sent; nothing is read after it
    failed,  // close() says with which status to end the session; nothing is read after it
  };

  // Reads from the front of `input`, in place (payloads are unmasked there), up to the end of the
  // next message or control frame, and takes that off `input`.
  Event next(char*& input, std::size_t& size);

  // Of the message that next() just told; good until the next call, or until `input` changes.
  std::string_view payload() const { return payload_; }
  const CloseStatus& close() const { return close_; }

 private:
  Event fail(std::uint16_t code, std::string reason);
  bool read_header(char*& input, std::size_t& size);
  Event header_complete();
  Event read_payload(char*& input, std::size_t& size);
  Event frame_complete(std::string_view whole);
  Event control_complete();

  enum class Stage : std::uint8_t { header, payload, finished };

  std::size_t max_message_size_;
  bool inflates_;
  Stage stage_ = Stage::header;
  unsigned char header_[14] = {};
  std::size_t header_used_ = 0;
  bool final_ = false;
  bool in_message_ = false;  // a fragmented message has begun
  bool compressed_ = false;  // this message
  Opcode opcode_ = Opcode::text;
  Opcode message_opcode_ = Opcode::text;
  std::uint64_t remaining_ = 0;
  unsigned char mask_[4] = {};
  std::size_t mask_at_ = 0;
  Utf8Validator utf8_;
  std::string message_;
  std::string unpacked_;
  std::string control_;
  std::string_view payload_;
  CloseStatus close_;
};

}  // namespace ondol::websocket
