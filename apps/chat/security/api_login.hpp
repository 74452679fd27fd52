#pragma once

#include <string>

#include <apps/chat/member/member_repository.hpp>
#include <ondol/security/jwt.hpp>
#include <ondol/web/web.hpp>

namespace chat {

// The member whose access token a request carries; a handler that takes one answers 4010 without.
struct ApiLogin {
  Member member;
};

// Where a request comes from, without the port.
struct ClientAddress {
  std::string text;
};

// Reads the token of every request below /api and looks its member up (CH-63).
ondol::web::Filter api_login_filter(const ondol::security::JwtVerifier& verifier,
                                    MemberRepository& members);

}  // namespace chat

namespace ondol::bind {

template <>
struct Binder<web::Exchange, chat::ApiLogin> {
  static chat::ApiLogin bind(web::Exchange& exchange) {
    if (const auto* login = exchange.find<chat::ApiLogin>()) return *login;
    throw Error{ErrorCode{4010}, "Authentication is required."};
  }
};

template <>
struct Binder<web::Exchange, chat::ClientAddress> {
  static chat::ClientAddress bind(web::Exchange& exchange) {
    return {exchange.request().remote_address};
  }
};

}  // namespace ondol::bind
