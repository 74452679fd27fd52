#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

namespace ondol::stomp {

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

std::string_view to_text(Command command);

// Exact and case-sensitive (ST-16).
std::optional<Command> find_command(std::string_view text);

// Headers of these are never escaped (ST-24, ST-43).
constexpr bool has_plain_headers(Command command) {
  return command == Command::connect || command == Command::stomp || command == Command::connected;
}

// ST-30.
constexpr bool may_have_body(Command command) {
  return command == Command::send || command == Command::message || command == Command::error;
}

}  // namespace ondol::stomp
