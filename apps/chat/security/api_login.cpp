#include <apps/chat/security/api_login.hpp>

#include <ondol/messaging/token_at_connect.hpp>
#include <ondol/security/credentials.hpp>

namespace chat {
namespace {

using ondol::Task;

std::optional<MemberId> member_of(const ondol::security::Claims& claims) {
  const auto id = ondol::parse_number<std::int64_t>(claims.subject);
  if (!id) return std::nullopt;
  return MemberId{*id};
}

}  // namespace

ondol::web::Filter api_login_filter(const ondol::security::JwtVerifier& verifier,
                                    MemberRepository& members) {
  return [&verifier, &members](ondol::web::Exchange& exchange,
                               const ondol::web::Next& next) -> Task<ondol::http::Response> {
    // A page that is about to renew its token may still send the old one.
    const auto path = exchange.request().path;
    const bool open = path == "/api/login" || path == "/api/token/refresh" || path == "/api/logout";
    const auto header = open ? std::nullopt : exchange.find_header("Authorization");
    const auto token = header ? ondol::security::bearer_token(*header) : std::nullopt;
    if (token) {
      const auto claims = verifier.verify(*token, ondol::now_instant());
      if (!claims) throw ondol::messaging::authentication_error(claims.error());
      const auto id = member_of(*claims);
      auto member = id ? co_await members.find(*id) : std::nullopt;
      if (!member) throw ondol::messaging::authentication_error(ondol::security::JwtError::missing);
      exchange.set(ApiLogin{std::move(*member)});
    }
    co_return co_await next(exchange);
  };
}

}  // namespace chat
