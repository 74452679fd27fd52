#include <ondol/stomp/command.hpp>

#include <array>
#include <cstddef>

namespace ondol::stomp {
namespace {

constexpr std::array<std::string_view, 15> kNames{
    "CONNECT", "STOMP", "SEND",       "SUBSCRIBE", "UNSUBSCRIBE", "ACK",     "NACK", "BEGIN",
    "COMMIT",  "ABORT", "DISCONNECT", "CONNECTED", "MESSAGE",     "RECEIPT", "ERROR"};

}  // namespace

std::string_view to_text(Command command) {
  return kNames[static_cast<std::size_t>(command)];
}

std::optional<Command> find_command(std::string_view text) {
  for (std::size_t i = 0; i < kNames.size(); ++i) {
    if (kNames[i] == text) return static_cast<Command>(i);
  }
  return std::nullopt;
}

}  // namespace ondol::stomp
