#pragma once

#include <any>
#include <cstddef>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include <ondol/base/error.hpp>
#include <ondol/messaging/broker/subscription.hpp>
#include <ondol/messaging/message.hpp>
#include <ondol/runtime/loop.hpp>

namespace ondol::messaging {

// A connected client as messaging sees it. The bridge to a transport derives from it. Lives on its
// loop; only id() and loop() may be used from elsewhere.
class ClientSession {
 public:
  ClientSession(Loop& loop, std::string id) : loop_{loop}, id_{std::move(id)} {}
  ClientSession(const ClientSession&) = delete;
  ClientSession& operator=(const ClientSession&) = delete;
  virtual ~ClientSession() = default;

  Loop& loop() const { return loop_; }
  const std::string& id() const { return id_; }

  // Set at CONNECT (SE-3); empty for anonymous sessions.
  const std::optional<Principal>& user() const { return user_; }
  void set_user(Principal user) { user_ = std::move(user); }

  // Kept as long as the session (HS-17).
  using Attributes = std::map<std::string, std::any, std::less<>>;
  Attributes& attributes() {
    if (!attributes_) attributes_ = std::make_unique<Attributes>();
    return *attributes_;
  }

  bool has_attributes() const { return attributes_ != nullptr; }

  // What this session is subscribed to at the broker of its loop.
  SessionSubscriptions& subscriptions() { return subscriptions_; }

  // One message for one subscription that the broker does not know: the answer of a subscribe
  // mapping (RV-12).
  virtual void reply_once(const Message& message, std::string_view subscription_id) = 0;

  // Payload octets that the client has not taken yet: who sends much waits while there are many.
  virtual std::size_t unsent() const = 0;

  // Tells the client why, then ends the session. It may be gone afterwards.
  virtual void end(const Error& why) = 0;

 private:
  Loop& loop_;
  std::string id_;
  std::optional<Principal> user_;
  std::unique_ptr<Attributes> attributes_;  // most sessions have none
  SessionSubscriptions subscriptions_;
};

}  // namespace ondol::messaging
