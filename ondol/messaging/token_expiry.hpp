#pragma once

#include <chrono>
#include <cstdint>
#include <string>
#include <utility>

#include <ondol/base/dates.hpp>
#include <ondol/messaging/channel.hpp>
#include <ondol/messaging/client_session.hpp>

namespace ondol::messaging {

// What happens to a session whose token has expired (AU-8).
enum class ExpiryPolicy : std::uint8_t {
  ignore,  // the token counts at CONNECT only
  report,  // SEND and SUBSCRIBE are refused with 4011, the session stays
  close,   // told 4011 and closed after the grace, also when silent; until then nothing changes
};

// Watches the tokens of the sessions. As an interceptor it stands behind TokenAtConnect.
class TokenExpiry final : public ChannelInterceptor {
 public:
  struct Options {
    ExpiryPolicy policy = ExpiryPolicy::ignore;
    std::chrono::milliseconds grace{0};
    std::string renew_at;  // the destination to which a new token is sent; never refused
  };

  explicit TokenExpiry(Options options) : options_{std::move(options)} {}

  // At CONNECT, and again for each new token, on the session's loop.
  void watch(ClientSession& session, Instant expires_at) const;

  bool before_send(Message& message) override;

 private:
  Options options_;
};

}  // namespace ondol::messaging
