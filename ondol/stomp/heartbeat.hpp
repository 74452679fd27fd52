#pragma once

#include <chrono>
#include <optional>
#include <string_view>

#include <ondol/stomp/token_rule.hpp>

namespace ondol::stomp {

// The heart-beat of one side: how often it can send, and how often it wants to receive; 0 is never.
struct HeartBeat {
  std::chrono::milliseconds outgoing{0};
  std::chrono::milliseconds incoming{0};

  friend bool operator==(const HeartBeat&, const HeartBeat&) = default;
};

// Two decimal 64-bit numbers separated by the first comma; without a comma it is 0,0 (ST-36).
// Negative values count as 0 (SE-20), and values beyond some thirty years as those. Nothing for
// anything else, which is a decode error.
std::optional<HeartBeat> parse_heart_beat(std::string_view header,
                                          TokenRule tokens = TokenRule::trimmed);

// What the server does for the rest of the session (SE-20): `outgoing` is w, after which it writes,
// `incoming` is r, within which the client does.
HeartBeat negotiate(HeartBeat client, HeartBeat server);

}  // namespace ondol::stomp
