#pragma once

#include <ondol/base/error.hpp>
#include <ondol/messaging/channel.hpp>
#include <ondol/messaging/token_expiry.hpp>
#include <ondol/security/jwt.hpp>

namespace ondol::messaging {

// A CONNECT that was refused: answered by an ERROR frame, then the close (AU-7), whatever the
// switches say.
class AuthenticationError : public Error {
 public:
  using Error::Error;
};

// Code and text of a refused token (AU-5).
AuthenticationError authentication_error(security::JwtError error);

// Checks the token of CONNECT and STOMP (AU-1 to AU-6) and makes its subject the user of the
// session.
class TokenAtConnect final : public ChannelInterceptor {
 public:
  // With `expiry` the session is watched from then on.
  explicit TokenAtConnect(const security::JwtVerifier& verifier,
                          const TokenExpiry* expiry = nullptr)
      : verifier_{verifier}, expiry_{expiry} {}

  bool before_send(Message& message) override;

 private:
  const security::JwtVerifier& verifier_;
  const TokenExpiry* expiry_;
};

}  // namespace ondol::messaging
