#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include <ondol/messaging/broker/subscription.hpp>
#include <ondol/messaging/message.hpp>

namespace ondol::messaging {

// Where a broker's matches go: the bridge encodes them once and hands them to the sessions. Called
// on the loop of the subscriptions; must not subscribe or unsubscribe.
class DeliverySink {
 public:
  virtual ~DeliverySink() = default;
  virtual void deliver(const Message& message, std::span<Subscription* const> to) = 0;
};

// A broker: subscriptions and fan-out. subscribe(), unsubscribe() and remove_session() run on the
// session's loop; publish() on any thread.
class Broker {
 public:
  virtual ~Broker() = default;

  // Whether the destination is below one of the prefixes (BR-1, BR-2).
  virtual bool owns(std::string_view destination) const = 0;

  enum class Subscribed { stored, duplicate_id };
  virtual Subscribed subscribe(ClientSession& session, std::string_view id,
                               std::string_view destination) = 0;
  virtual void unsubscribe(ClientSession& session, std::string_view id) = 0;
  virtual void remove_session(ClientSession& session) = 0;

  // `<instance>-<counter>`, one a message (BR-33).
  virtual std::string next_message_id() = 0;

  // Publications of one thread reach each session in the order of the calls.
  virtual void publish(Message message) = 0;
};

}  // namespace ondol::messaging
