#pragma once

#include <apps/chat/errors/chat_errors.hpp>
#include <ondol/web/web.hpp>

namespace chat {

// The bodies that say more than code and reason; everything else has the framework's.
class ApiAdvice {
 public:
  void routes(ondol::web::Advice<ApiAdvice>& on) const {
    on.error(&ApiAdvice::invalid);
    on.error(&ApiAdvice::too_many);
  }

 private:
  ondol::web::Reply<ErrorBody> invalid(const ValidationError& e) const {
    return {422, to_body(e), {}};
  }
  ondol::web::Reply<ErrorBody> too_many(const TooManyRequests& e) const {
    ondol::web::Reply<ErrorBody> reply{429, to_body(e), {}};
    reply.headers.set("Retry-After", std::to_string(e.retry_after()));
    return reply;
  }
};

}  // namespace chat
