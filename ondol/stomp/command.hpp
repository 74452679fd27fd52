#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

namespace ondol::stomp {

// The frames of STOMP 1.2; 1.0 and 1.1 have no others.
enum class Command : std::uint8_t {
  connect,
  stomp,
  send,
  subscribe,
  unsubscribe,
  ack,
  nack,
  begin,
  commit,
  abort,
  disconnect,
  connected,
  message,
  receipt,
  error,
};

// As it is written on the wire.
std::string_view to_text(Command command);

// Exact and case-sensitive (ST-16).
std::optional<Command> find_command(std::string_view text);

// Headers of these are never escaped (ST-24, ST-43).
constexpr bool has_plain_headers(Command command) {
  return command == Command::connect || command == Command::stomp || command == Command::connected;
}

// Their `passcode` is hidden (ST-35).
constexpr bool may_have_passcode(Command command) {
  return command == Command::connect || command == Command::stomp;
}

// ST-30.
constexpr bool may_have_body(Command command) {
  return command == Command::send || command == Command::message || command == Command::error;
}

}  // namespace ondol::stomp
