#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace load {

// The octets of the protocols, written and read by hand: light, and independent of what is
// measured.

enum class Opcode : std::uint8_t { text = 1, binary = 2, close = 8, ping = 9, pong = 10 };

// A client's frame, RFC 6455 §5.2. The mask is zero: allowed, and free to apply.
void append_frame(std::string& out, Opcode opcode, std::string_view payload);

struct ServerFrame {
  Opcode opcode = Opcode::text;
  bool final = true;
  std::string_view payload;
  std::size_t size = 0;  // with its header
};
// The first whole frame of `octets`, in place.
std::optional<ServerFrame> read_frame(std::string_view octets);

// The value of a STOMP header, as it is on the wire; empty when it is not there.
std::string_view header_of(std::string_view frame, std::string_view name);
// What is behind the blank line, without the NUL.
std::string_view body_of(std::string_view frame);

// What each message carries in its first 32 characters: who sent it, its number, and when it was
// due. Padded to `size`.
struct Stamp {
  std::uint32_t sender = 0;
  std::uint64_t number = 0;
  std::uint64_t due = 0;  // nanoseconds of the steady clock

  static constexpr std::size_t kSize = 40;
};
std::string write_stamp(const Stamp& stamp, std::size_t size);
// Looks for it anywhere in `text`: a server may wrap what it was sent.
std::optional<Stamp> read_stamp(std::string_view text);

}  // namespace load
