#pragma once

#include <cstdint>
#include <string>

namespace ondol::websocket {

// Why a session ended, RFC 6455 §7.4. Rules CC-1 to CC-14 say when which one is sent.
struct CloseStatus {
  std::uint16_t code = 1000;
  std::string reason;
};

inline constexpr std::uint16_t kNormalClosure = 1000;
inline constexpr std::uint16_t kGoingAway = 1001;
inline constexpr std::uint16_t kProtocolError = 1002;
inline constexpr std::uint16_t kNoStatusReceived =
    1005;  // never on the wire: the peer's close had no code
inline constexpr std::uint16_t kAbnormalClosure = 1006;  // never on the wire: the connection broke
inline constexpr std::uint16_t kInvalidPayload = 1007;
inline constexpr std::uint16_t kPolicyViolation = 1008;
inline constexpr std::uint16_t kMessageTooBig = 1009;
inline constexpr std::uint16_t kInternalError = 1011;
inline constexpr std::uint16_t kSessionNotReliable = 4500;  // CC-10: send limits

// RFC 6455 §7.4.1 and the registry: which codes a peer may put into a close frame.
constexpr bool may_be_sent(std::uint16_t code) {
  return (code >= 1000 && code <= 1003) || (code >= 1007 && code <= 1014) ||
         (code >= 3000 && code <= 4999);
}

}  // namespace ondol::websocket
