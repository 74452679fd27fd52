#include <ondol/stomp/heartbeat.hpp>

#include <algorithm>
#include <cstdint>

#include <ondol/base/text.hpp>

namespace ondol::stomp {
namespace {

// Keeps the arithmetic with three times an interval within its type.
constexpr std::int64_t kLongest = 1'000'000'000'000;

}  // namespace

std::optional<HeartBeat> parse_heart_beat(std::string_view header) {
  const auto comma = header.find(',');
  if (comma == std::string_view::npos) return HeartBeat{};
  const auto outgoing = parse_number<std::int64_t>(trim(header.substr(0, comma)));
  const auto incoming = parse_number<std::int64_t>(trim(header.substr(comma + 1)));
  if (!outgoing || !incoming) return std::nullopt;
  const auto bounded = [](std::int64_t value) {
    return std::chrono::milliseconds{std::clamp<std::int64_t>(value, 0, kLongest)};
  };
  return HeartBeat{bounded(*outgoing), bounded(*incoming)};
}

HeartBeat negotiate(HeartBeat client, HeartBeat server) {
  using std::chrono::milliseconds;
  const auto agreed = [](milliseconds sender, milliseconds receiver) {
    return sender.count() > 0 && receiver.count() > 0 ? std::max(sender, receiver) : milliseconds{0};
  };
  return {agreed(server.outgoing, client.incoming), agreed(client.outgoing, server.incoming)};
}

}  // namespace ondol::stomp
