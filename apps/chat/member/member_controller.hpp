#pragma once

#include <string>
#include <utility>
#include <vector>

#include <apps/chat/errors/chat_errors.hpp>
#include <apps/chat/member/login_service.hpp>
#include <apps/chat/security/api_login.hpp>
#include <ondol/web/web.hpp>

namespace chat {

// CH-1 to CH-3 and CH-6 over HTTP.
class MemberController {
 public:
  MemberController(LoginService& logins, MemberRepository& members)
      : logins_{logins}, members_{members} {}

  void routes(ondol::web::Routes<MemberController>& on) const;

 private:
  struct Credentials {
    std::string login_id;
    std::string password;
  };
  struct Token {
    std::string refresh_token;
  };
  struct Rename {
    std::string name;
  };
  struct Found {
    std::vector<Member> members;
  };

  ondol::Task<Member> sign_up(ondol::Body<NewLogin> login) const { return logins_.sign_up(*login); }
  ondol::Task<Login> log_in(ondol::Body<Credentials> login, ClientAddress address) const {
    return logins_.log_in(login->login_id, login->password, std::move(address.text));
  }
  ondol::Task<Login> refresh(ondol::Body<Token> token) const {
    return logins_.refresh(token->refresh_token);
  }
  ondol::Task<void> log_out(ondol::Body<Token> token) const {
    return logins_.log_out(token->refresh_token);
  }
  Member me(ApiLogin login) const { return login.member; }
  ondol::Task<Member> rename(ApiLogin login, ondol::Body<Rename> rename) const {
    Validation{}.length("name", rename->name, 1, 30).finish();
    return members_.rename(login.member.member_id, rename->name);
  }
  ondol::Task<Found> search(ApiLogin, ondol::Query<"query", std::string, ""> query,
                            ondol::Query<"limit", int, "20"> limit) const {
    if (*limit < 1 || *limit > 50) throw ondol::Error{kBadParameter, "limit must be from 1 to 50."};
    co_return Found{co_await members_.search(*query, static_cast<std::size_t>(*limit))};
  }

  LoginService& logins_;
  MemberRepository& members_;
};

}  // namespace chat
