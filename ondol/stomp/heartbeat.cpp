#include <ondol/stomp/heartbeat.hpp>

#include <algorithm>
#include <cstdint>

#include <ondol/base/text.hpp>
#include <ondol/stomp/detail/decimal.hpp>

namespace ondol::stomp {
namespace {

// Keeps a multiple of an interval, and its sum with a clock in nanoseconds, within 64 bits.
constexpr std::int64_t kLongest = 1'000'000'000'000;

}  // namespace

std::optional<HeartBeat> parse_heart_beat(std::string_view header, TokenRule tokens) {
  const auto comma = header.find(',');
  if (comma == std::string_view::npos) return HeartBeat{};
  const auto number = [tokens](std::string_view token) {
    return detail::parse_decimal<std::int64_t>(tokens == TokenRule::strict ? token : trim(token));
  };
  const auto outgoing = number(header.substr(0, comma));
  const auto incoming = number(header.substr(comma + 1));
  if (!outgoing || !incoming) return std::nullopt;
  const auto bounded = [](std::int64_t value) {
    return std::chrono::milliseconds{std::clamp<std::int64_t>(value, 0, kLongest)};
  };
  return HeartBeat{bounded(*outgoing), bounded(*incoming)};
}

HeartBeat negotiate(HeartBeat client, HeartBeat server) {
  using std::chrono::milliseconds;
  const auto agreed = [](milliseconds sender, milliseconds receiver) {
    const bool both = sender.count() > 0 && receiver.count() > 0;
    return both ? std::max(sender, receiver) : milliseconds{0};
  };
  return {.outgoing = agreed(server.outgoing, client.incoming),
          .incoming = agreed(client.outgoing, server.incoming)};
}

}  // namespace ondol::stomp
