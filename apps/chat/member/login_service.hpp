#pragma once

#include <optional>
#include <string>

#include <apps/chat/chat_settings.hpp>
#include <apps/chat/member/login_throttle.hpp>
#include <apps/chat/member/member_repository.hpp>
#include <apps/chat/member/refresh_token_repository.hpp>
#include <ondol/runtime/workers.hpp>
#include <ondol/security/jwt.hpp>

namespace chat {

// What CH-2 answers.
struct Login {
  std::string access_token;
  ondol::Instant access_token_expires_at;
  std::string refresh_token;
  ondol::Instant refresh_token_expires_at;
  Member member;
};

struct NewLogin {
  std::string login_id;
  std::string password;
  std::string name;
};

// Sign-up, login, and the rotation of refresh tokens (CH-1 to CH-3). Used on all loops; password
// hashes are computed on the workers.
class LoginService {
 public:
  LoginService(MemberRepository& members, RefreshTokenRepository& tokens,
               const ondol::security::JwtSigner& signer, ondol::Workers& workers,
               const ChatSettings& settings);

  ondol::Task<Member> sign_up(NewLogin login) const;
  // `address` is where the request comes from (CH-5).
  ondol::Task<Login> log_in(std::string login_id, std::string password, std::string address);
  ondol::Task<Login> refresh(std::string refresh_token) const;
  ondol::Task<void> log_out(std::string refresh_token) const;

 private:
  ondol::Task<std::optional<Member>> verified(const std::string& login_id,
                                              const std::string& password) const;
  Login issue(const Member& member, std::string refresh_token, ondol::Instant now) const;

  MemberRepository& members_;
  RefreshTokenRepository& tokens_;
  const ondol::security::JwtSigner& signer_;
  ondol::Workers& workers_;
  const ChatSettings& settings_;
  LoginThrottle throttle_;
  std::string nobodys_hash_;  // verified for unknown ids, so that they take as long
};

}  // namespace chat
