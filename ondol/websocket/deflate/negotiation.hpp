#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace ondol::websocket {

// What was agreed of permessage-deflate, RFC 7692 §7.1. Neither side keeps its window from message
// to message, so nothing is kept for a session but these two numbers.
struct DeflateAgreement {
  int server_window_bits = 15;  // 9 to 15
  int client_window_bits = 15;  // 8 to 15
  std::string response;         // the value of Sec-WebSocket-Extensions

  friend bool operator==(const DeflateAgreement&, const DeflateAgreement&) = default;
};

// Takes the first offer that can be kept, from the values of all Sec-WebSocket-Extensions headers.
// Declined are offers with unknown, repeated or malformed parameters (§7.1), other extensions, and
// server_max_window_bits=8, which zlib cannot do.
std::optional<DeflateAgreement> accept_deflate(const std::vector<std::string_view>& headers);

}  // namespace ondol::websocket
