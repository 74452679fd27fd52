#include <ondol/websocket/receiver.hpp>

#include <algorithm>
#include <cstring>
#include <utility>

#include <ondol/websocket/deflate/codec.hpp>

namespace ondol::websocket {
namespace {

constexpr bool is_control(Opcode opcode) {
  return static_cast<std::uint8_t>(opcode) >= 0x8;
}

constexpr bool is_known(std::uint8_t opcode) {
  return opcode <= 0x2 || (opcode >= 0x8 && opcode <= 0xA);
}

// Eight octets at a time: the mask repeats every four (RFC 6455 §5.3).
void unmask(char* data, std::size_t size, const unsigned char* mask, std::size_t at) {
  std::size_t i = 0;
  unsigned char rotated[8];
  for (std::size_t k = 0; k < 8; ++k) rotated[k] = mask[(at + k) & 3];
  std::uint64_t wide = 0;
  std::memcpy(&wide, rotated, 8);
  for (; i + 8 <= size; i += 8) {
    std::uint64_t word = 0;
    std::memcpy(&word, data + i, 8);
    word ^= wide;
    std::memcpy(data + i, &word, 8);
  }
  for (; i < size; ++i)
    data[i] = static_cast<char>(data[i] ^ static_cast<char>(mask[(at + i) & 3]));
}

// An idle session keeps no large buffer.
void forget(std::string& text) {
  constexpr std::size_t kKept = 1024;
  if (text.capacity() > kKept) {
    text = {};
  } else {
    text.clear();
  }
}

}  // namespace

Receiver::Event Receiver::fail(std::uint16_t code, std::string reason) {
  stage_ = Stage::finished;
  close_ = {code, std::move(reason)};
  return Event::failed;
}

Receiver::Event Receiver::next(char*& input, std::size_t& size) {
  while (true) {
    if (stage_ == Stage::finished) {
      size = 0;
      return Event::need_more;
    }
    if (stage_ == Stage::header) {
      if (!in_message_) forget(message_);
      forget(unpacked_);
      if (!read_header(input, size)) {
        return stage_ == Stage::finished ? Event::failed : Event::need_more;
      }
      if (const auto event = header_complete(); event != Event::need_more) return event;
    }
    if (stage_ == Stage::payload) {
      if (remaining_ > 0 && size == 0) return Event::need_more;
      const auto event = read_payload(input, size);
      if (event != Event::need_more) return event;
    }
  }
}

bool Receiver::read_header(char*& input, std::size_t& size) {
  while (true) {
    std::size_t needed = 2;
    if (header_used_ >= 1) {
      // Faults of the first octet are seen before the second has arrived.
      const auto opcode = static_cast<std::uint8_t>(header_[0] & 0x0F);
      if (!is_known(opcode)) return fail(kProtocolError, ""), false;
      // RFC 7692 §6: the first bit is a compressed message's, on its first frame.
      const bool may_compress = inflates_ && (opcode == 0x1 || opcode == 0x2);
      if ((header_[0] & (may_compress ? 0x30 : 0x70)) != 0) return fail(kProtocolError, ""), false;
    }
    if (header_used_ >= 2) {
      if ((header_[1] & 0x80) == 0) return fail(kProtocolError, ""), false;  // §5.1: clients mask
      const auto length = header_[1] & 0x7F;
      needed = 6U + (length == 126 ? 2U : length == 127 ? 8U : 0U);
      if (header_used_ == needed) return true;
    }
    if (size == 0) return false;
    header_[header_used_++] = static_cast<unsigned char>(*input++);
    --size;
  }
}

Receiver::Event Receiver::header_complete() {
  final_ = (header_[0] & 0x80) != 0;
  opcode_ = static_cast<Opcode>(header_[0] & 0x0F);
  std::uint64_t length = header_[1] & 0x7F;
  const std::size_t extra = length == 126 ? 2 : length == 127 ? 8 : 0;
  if (extra > 0) {
    length = 0;
    for (std::size_t i = 0; i < extra; ++i) length = (length << 8) | header_[2 + i];
    // §5.2: the shortest form, and the highest bit of a 64-bit length is 0.
    if (length < (extra == 2 ? 126U : 65'536U) || (length >> 63) != 0)
      return fail(kProtocolError, "");
  }
  std::memcpy(mask_, header_ + 2 + extra, 4);
  mask_at_ = 0;
  header_used_ = 0;
  remaining_ = length;

  if (is_control(opcode_)) {
    if (!final_ || length > 125) return fail(kProtocolError, "");  // §5.5
    control_.clear();
  } else {
    if ((opcode_ == Opcode::continuation) != in_message_) return fail(kProtocolError, "");  // §5.4
    if (length > max_message_size_ - std::min(max_message_size_, message_.size())) {
      return fail(kMessageTooBig, "");
    }
    if (!in_message_) {
      message_opcode_ = opcode_;
      compressed_ = (header_[0] & 0x40) != 0;
      utf8_.reset();
    }
  }
  stage_ = Stage::payload;
  return Event::need_more;
}

Receiver::Event Receiver::read_payload(char*& input, std::size_t& size) {
  const auto n = static_cast<std::size_t>(std::min<std::uint64_t>(remaining_, size));
  char* const piece = input;
  unmask(piece, n, mask_, mask_at_);
  mask_at_ = (mask_at_ + n) & 3;
  input += n;
  size -= n;
  const bool in_one_piece = mask_at_ == (n & 3) && remaining_ == n && message_.empty();
  remaining_ -= n;

  if (is_control(opcode_)) {
    control_.append(piece, n);
    return remaining_ == 0 ? control_complete() : Event::need_more;
  }
  if (message_opcode_ == Opcode::text && !compressed_ && !utf8_.feed({piece, n}))
    return fail(kInvalidPayload, "");
  // A whole message that lies in the input is told from there, without a copy.
  if (in_one_piece && final_ && !in_message_) return frame_complete({piece, n});
  message_.append(piece, n);
  if (remaining_ > 0) return Event::need_more;
  return frame_complete(message_);
}

Receiver::Event Receiver::frame_complete(std::string_view whole) {
  stage_ = Stage::header;
  in_message_ = !final_;
  if (!final_) return Event::need_more;
  if (compressed_) {
    switch (inflate_message(whole, max_message_size_, unpacked_)) {
      case Unpacked::too_big:
        return fail(kMessageTooBig, "");
      case Unpacked::corrupt:
        return fail(kInvalidPayload, "");
      case Unpacked::complete:
        break;
    }
    whole = unpacked_;
    if (message_opcode_ == Opcode::text) utf8_.feed(whole);
  }
  // What was refused while it was fed is not complete either.
  if (message_opcode_ == Opcode::text && !utf8_.complete()) return fail(kInvalidPayload, "");
  payload_ = whole;
  return message_opcode_ == Opcode::text ? Event::text : Event::binary;
}

Receiver::Event Receiver::control_complete() {
  stage_ = Stage::header;
  payload_ = control_;
  if (opcode_ == Opcode::ping) return Event::ping;
  if (opcode_ == Opcode::pong) return Event::pong;

  // §5.5.1: no body, or a code and a UTF-8 reason.
  if (control_.empty()) {
    close_ = {kNoStatusReceived, ""};
  } else {
    if (control_.size() == 1) return fail(kProtocolError, "");
    const auto code = static_cast<std::uint16_t>((static_cast<unsigned char>(control_[0]) << 8) |
                                                 static_cast<unsigned char>(control_[1]));
    if (!may_be_sent(code)) return fail(kProtocolError, "");
    if (!is_valid_utf8(std::string_view{control_}.substr(2))) return fail(kInvalidPayload, "");
    close_ = {code, control_.substr(2)};
  }
  stage_ = Stage::finished;
  return Event::close;
}

}  // namespace ondol::websocket
