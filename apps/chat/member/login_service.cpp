#include <apps/chat/member/login_service.hpp>

#include <algorithm>
#include <utility>

#include <apps/chat/errors/chat_errors.hpp>
#include <ondol/base/ids.hpp>
#include <ondol/base/text.hpp>
#include <ondol/security/passwords.hpp>

namespace chat {
namespace {

using ondol::Task;

constexpr std::size_t kRefreshTokenOctets = 32;

[[noreturn]] void refuse() {
  throw ondol::Error{kBadCredentials, "아이디 또는 비밀번호가 맞지 않습니다."};
}

[[noreturn]] void refuse_refresh() {
  throw ondol::Error{kBadCredentials, "The refresh token is not valid."};
}

constexpr std::size_t kMaxLoginId = 20;

bool is_login_id(std::string_view text) {
  return text.size() >= 4 && text.size() <= kMaxLoginId && std::ranges::all_of(text, [](char c) {
           return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '.' || c == '_' ||
                  c == '-';
         });
}

}  // namespace

LoginService::LoginService(MemberRepository& members, RefreshTokenRepository& tokens,
                           const ondol::security::JwtSigner& signer, ondol::Workers& workers,
                           const ChatSettings& settings)
    : members_{members},
      tokens_{tokens},
      signer_{signer},
      workers_{workers},
      settings_{settings},
      nobodys_hash_{ondol::security::hash_password(ondol::random_hex(16), settings.password_cost)} {
}

Task<Member> LoginService::sign_up(NewLogin login) const {
  Validation{}
      .check(is_login_id(login.login_id), "loginId", "Pattern",
             "must have 4 to 20 characters of a-z, 0-9, '.', '_', '-'")
      .length("password", login.password, 8, 128)
      .length("name", login.name, 1, 30)
      .finish();
  auto hash = [&login, cost = settings_.password_cost] {
    return ondol::security::hash_password(login.password, cost);
  };
  NewMember member;
  member.password_hash = co_await workers_.run(hash);
  member.login_id = std::move(login.login_id);
  member.name = std::move(login.name);
  co_return co_await members_.insert(std::move(member));
}

Task<std::optional<Member>> LoginService::verified(const std::string& login_id,
                                                   const std::string& password) const {
  const auto found = co_await members_.find_by_login(login_id);
  const std::string& stored = found ? found->password_hash : nobodys_hash_;
  auto verify = [&password, &stored] { return ondol::security::verify_password(password, stored); };
  const bool matches = co_await workers_.run(verify);
  if (!matches || !found) co_return std::nullopt;
  co_return found->member;
}

Task<Login> LoginService::log_in(std::string login_id, std::string password, std::string address) {
  using Clock = LoginThrottle::Clock;
  // Longer ones are nobody's, and need not be kept whole.
  const auto key = ondol::to_lower(std::string_view{login_id}.substr(0, kMaxLoginId + 1));
  if (settings_.login_throttle) throttle_.begin(key, address, Clock::now());
  const auto member = co_await verified(login_id, password);
  if (!member) {
    if (settings_.login_throttle) throttle_.failed(address, Clock::now());
    refuse();
  }
  if (settings_.login_throttle) throttle_.succeeded(key);
  const auto now = ondol::now_instant();
  auto login = issue(*member, ondol::random_hex(kRefreshTokenOctets), now);
  RefreshToken token{ondol::security::sha256_hex(login.refresh_token), ondol::random_uuid(),
                     member->member_id, login.refresh_token_expires_at};
  co_await tokens_.store(std::move(token));
  co_return login;
}

Task<Login> LoginService::refresh(std::string refresh_token) const {
  const auto now = ondol::now_instant();
  auto successor = ondol::random_hex(kRefreshTokenOctets);
  Successor stored{ondol::security::sha256_hex(successor), now + settings_.refresh_token_ttl};
  const auto rotation =
      co_await tokens_.rotate(ondol::security::sha256_hex(refresh_token), std::move(stored), now);
  if (rotation.outcome != RotationOutcome::rotated) refuse_refresh();
  const auto member = co_await members_.find(rotation.token->member_id);
  if (!member) refuse_refresh();
  co_return issue(*member, std::move(successor), now);
}

Task<void> LoginService::log_out(std::string refresh_token) const {
  co_await tokens_.revoke_family_of(ondol::security::sha256_hex(refresh_token));
}

Login LoginService::issue(const Member& member, std::string refresh_token,
                          ondol::Instant now) const {
  // exp is written in whole seconds, so what is told is what is meant.
  const auto expires = std::chrono::floor<std::chrono::seconds>(now + settings_.access_token_ttl);
  Login login;
  login.access_token = signer_.sign(
      {std::to_string(member.member_id.value), now, {}, expires, ondol::random_uuid()});
  login.access_token_expires_at = expires;
  login.refresh_token = std::move(refresh_token);
  login.refresh_token_expires_at = now + settings_.refresh_token_ttl;
  login.member = member;
  return login;
}

}  // namespace chat
