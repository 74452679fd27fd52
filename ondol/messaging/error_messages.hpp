#pragma once

#include <exception>
#include <string>
#include <utility>

#include <ondol/base/error.hpp>
#include <ondol/bind/error_table.hpp>
#include <ondol/json/codec.hpp>
#include <ondol/json/reasons.hpp>
#include <ondol/messaging/client_session.hpp>
#include <ondol/messaging/message.hpp>
#include <ondol/messaging/user/user_destinations.hpp>

namespace ondol::messaging {

// {"reason":"…"}, the body of an ERROR frame (7.4).
std::string reason_body(std::string_view reason);

// Tells a client on /user/queue/errors what failed; its session stays (ER-20 to ER-28, ER-38). An
// application adds bodies for exceptions of its own; an Error without one is {"code","reason"},
// anything else is 5000.
class ErrorMessages {
 public:
  struct Options {
    bool expose_messages = true;  // error.exposeMessages: the text of unknown exceptions (ER-24)
    bool user_broadcast = true;   // error.user.broadcast: to all sessions of the user (ER-25)
    bool receipt_id = false;      // error.user.receiptId (ER-28)
    std::string default_reason = "Internal error";
    json::Reasons reasons;  // by what the client's CONNECT accepts; empty: as they were thrown
  };

  explicit ErrorMessages(Options options) : options_{std::move(options)} {}

  // `f` takes one exception type and answers the body, a plain struct. The nearest type wins.
  template <class F>
  void add(F f) {
    using E = typename bind::HandledError<F>::type;
    table_.template add<E>([f = std::move(f)](const E& e) { return json::to_json(f(e)); });
  }

  // The reason for this session, as ERROR frames and bodies show it.
  std::string reason_for(ClientSession& session, const Error& e) const;

  // What CONNECT accepts, for as long as the session lives.
  static void remember_languages(ClientSession& session, std::string_view languages);

  // `native` are the headers of the frame that failed.
  void tell(ClientSession& session, MessageType type, const Headers& native,
            const std::exception& e, UserDestinations& user_destinations) const;

 private:
  std::string body_of(const std::exception& e) const;

  Options options_;
  bind::ErrorTable<std::string> table_;
};

}  // namespace ondol::messaging
