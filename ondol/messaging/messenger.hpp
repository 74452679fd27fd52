#pragma once

#include <functional>
#include <initializer_list>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <ondol/json/codec.hpp>
#include <ondol/messaging/broker/simple_broker.hpp>
#include <ondol/messaging/client_session.hpp>
#include <ondol/messaging/user/user_destinations.hpp>

namespace ondol::messaging {

// Which sessions of a user a message is for.
struct To {
  std::string only_session;                    // empty: all
  std::vector<std::string> unless_subscribed;  // not those subscribed to one of these destinations
};

// Sends from any thread, such as a writer that has just committed. What one thread sends reaches
// every subscriber in the order of the calls.
class Messenger {
 public:
  Messenger(SimpleBroker& broker, UserDestinations& user_destinations)
      : broker_{broker}, user_destinations_{user_destinations} {}

  template <class T>
  void send(std::string destination, const T& body) {
    auto message = message_of(body);
    message.destination = std::move(destination);
    broker_.publish(std::move(message));
  }

  // The same message under several destinations; the body is encoded once, or not at all when
  // nobody listens.
  template <class T>
  void send(std::initializer_list<std::string> destinations, const T& body) {
    Message message;
    for (const auto& destination : destinations) {
      if (!broker_.may_listen(destination)) continue;
      if (message.body.empty()) message = message_of(body);
      auto copy = message;
      copy.destination = destination;
      broker_.publish(std::move(copy));
    }
  }

  template <class T>
  void send_to_user(std::string_view user, std::string_view destination, const T& body,
                    const To& to = {}) {
    auto message = message_of(body);
    message.unless_subscribed = to.unless_subscribed;
    user_destinations_.send_to_user(user, destination, std::move(message), to.only_session);
  }

  // Whether the user has a session on this node.
  bool is_connected(const std::string& user) const { return user_destinations_.is_connected(user); }

  // To one subscription of a session, past the broker; on the session's loop.
  template <class T>
  void reply(ClientSession& session, std::string_view subscription_id, std::string destination,
             const T& body) {
    auto message = message_of(body);
    message.destination = std::move(destination);
    message.native.set("message-id", broker_.next_message_id());
    session.reply_once(message, subscription_id);
  }

  // SimpleBroker::expect() and forget().
  void expect(std::string_view destination) { broker_.expect(destination); }
  void forget(std::string_view destination) { broker_.forget(destination); }

  // Ends the subscriptions of one user to a destination, everywhere (CH-14).
  void end_subscriptions(std::string destination, std::string user) {
    broker_.end_subscriptions(std::move(destination),
                              [user = std::move(user)](const ClientSession& session) {
                                return session.user() && session.user()->name == user;
                              });
  }

 private:
  template <class T>
  static Message message_of(const T& body) {
    Message message;
    message.content_type = "application/json";
    message.body = json::to_json(body);
    return message;
  }

  SimpleBroker& broker_;
  UserDestinations& user_destinations_;
};

}  // namespace ondol::messaging
