#include <ondol/messaging/token_at_connect.hpp>

#include <ondol/base/dates.hpp>
#include <ondol/security/credentials.hpp>

namespace ondol::messaging {

AuthenticationError authentication_error(security::JwtError error) {
  using security::JwtError;
  switch (error) {
    case JwtError::missing:
    case JwtError::not_yet_valid:
      return {ErrorCode{4010}, "JWT 토큰이 잘못되었습니다."};
    case JwtError::expired:
      return {ErrorCode{4011}, "만료된 JWT 토큰입니다."};
    case JwtError::unsupported:
      return {ErrorCode{4013}, "지원되지 않는 JWT 토큰입니다."};
    case JwtError::malformed:
    case JwtError::forged:
      break;
  }
  return {ErrorCode{4013}, "잘못된 JWT 서명입니다."};
}

bool TokenAtConnect::before_send(Message& message) {
  if (message.type != MessageType::connect) return true;
  const auto token = security::bearer_token(message.native.first("Authorization").value_or(""));
  if (!token) throw authentication_error(security::JwtError::missing);
  auto claims = verifier_.verify(*token, now_instant());
  if (!claims) throw authentication_error(claims.error());
  // UD-18: %2F in a name would make its user destinations ambiguous.
  if (claims->subject.empty() || claims->subject.find("%2F") != std::string::npos) {
    throw authentication_error(security::JwtError::malformed);
  }
  message.user = Principal{claims->subject};
  if (expiry_ && claims->expires_at) expiry_->watch(*message.session, *claims->expires_at);
  return true;
}

}  // namespace ondol::messaging
