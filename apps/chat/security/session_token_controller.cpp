#include <apps/chat/security/session_token_controller.hpp>

#include <apps/chat/errors/chat_errors.hpp>
#include <ondol/messaging/token_at_connect.hpp>
#include <ondol/security/credentials.hpp>

namespace chat {
namespace {

// In a session a bad token is an answer, not the end.
[[noreturn]] void refuse(ondol::security::JwtError error) {
  const auto refused = ondol::messaging::authentication_error(error);
  throw ondol::Error{refused.code(), refused.what()};
}

}  // namespace

void SessionTokenController::routes(ondol::messaging::Routes<SessionTokenController>& on) const {
  on.message("/auth/refresh", &SessionTokenController::renew);
}

void SessionTokenController::renew(ondol::messaging::Principal user,
                                   std::shared_ptr<ondol::messaging::ClientSession> session,
                                   ondol::Body<NewToken> token) const {
  const auto text = ondol::security::bearer_token(token->access_token);
  if (!text) refuse(ondol::security::JwtError::missing);
  const auto claims = verifier_.verify(*text, ondol::now_instant());
  if (!claims) refuse(claims.error());
  if (claims->subject != user.name) {
    throw ondol::Error{kForbidden, "The token belongs to another member."};
  }
  if (claims->expires_at) expiry_.watch(*session, *claims->expires_at);
}

}  // namespace chat
