#pragma once

#include <chrono>
#include <optional>
#include <string_view>

namespace ondol::stomp {

// What one side can send and wants to receive, in milliseconds; 0 is none.
struct HeartBeat {
  std::chrono::milliseconds outgoing{0};
  std::chrono::milliseconds incoming{0};
};

// Two decimal numbers separated by the first comma, blanks around them allowed (ST-36, ST-38); no comma is 0,0. Negative
// values count as 0 (SE-20). Nothing for anything else.
std::optional<HeartBeat> parse_heart_beat(std::string_view header);

// As the server sees it: how often it must send, and how often the client will (SE-20).
HeartBeat negotiate(HeartBeat client, HeartBeat server);

}  // namespace ondol::stomp
