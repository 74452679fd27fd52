#pragma once

#include <memory>
#include <string>

#include <ondol/messaging/dispatcher.hpp>
#include <ondol/messaging/token_expiry.hpp>
#include <ondol/security/jwt.hpp>

namespace chat {

// CH-34: a session that is given a new token of its member before the grace of the old one is over
// goes on.
class SessionTokenController {
 public:
  static constexpr std::string_view kDestination = "/pub/auth/refresh";

  SessionTokenController(const ondol::security::JwtVerifier& verifier,
                         const ondol::messaging::TokenExpiry& expiry)
      : verifier_{verifier}, expiry_{expiry} {}

  void routes(ondol::messaging::Routes<SessionTokenController>& on) const;

 private:
  struct NewToken {
    std::string access_token;
  };

  void renew(ondol::messaging::Principal user,
             std::shared_ptr<ondol::messaging::ClientSession> session,
             ondol::Body<NewToken> token) const;

  const ondol::security::JwtVerifier& verifier_;
  const ondol::messaging::TokenExpiry& expiry_;
};

}  // namespace chat
