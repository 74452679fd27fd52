#pragma once

#include <atomic>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include <ondol/messaging/broker/broker.hpp>
#include <ondol/messaging/broker/interest.hpp>
#include <ondol/messaging/broker/subscription_registry.hpp>
#include <ondol/runtime/runtime.hpp>

namespace ondol::messaging {

struct SimpleBrokerOptions {
  std::vector<std::string> prefixes{"/sub", "/queue", "/topic"};  // BR-3; empty: every destination
  char separator = '/';
  std::vector<std::string> strip_headers{"receipt", "authorization", "passcode", "login"};  // BR-31
};

// The broker in this process (messaging.md 4): a registry a loop, nothing shared but counters. A
// publication is posted once to each loop where somebody may listen; nothing is stored (BR-40).
class SimpleBroker final : public Broker {
 public:
  SimpleBroker(Runtime& runtime, SimpleBrokerOptions options, DeliverySink& sink);

  bool owns(std::string_view destination) const override;
  Subscribed subscribe(ClientSession& session, std::string_view id,
                       std::string_view destination) override;
  void unsubscribe(ClientSession& session, std::string_view id) override;
  void remove_session(ClientSession& session) override;
  void publish(Message message) override;

  // False: a publication to this destination would reach nobody on this node.
  bool may_listen(std::string_view destination) const;

  // Calls `found` on each loop for every subscription of exactly `destination`, and lets it end
  // them by answering true: how a member who has left stops hearing a room (CH-14). From any
  // thread; takes effect on each loop before anything that is published there afterwards by the
  // same thread.
  void end_subscriptions(std::string destination, std::function<bool(const ClientSession&)> ends);

  std::string next_message_id() override;

  // On a loop: until forget() there, what is published to this destination is posted to the loop
  // as if somebody listened already, so that a subscription that is stored in a later turn misses
  // nothing of what was posted before it by then.
  void expect(std::string_view destination) { here().interest.add(destination, false); }
  void forget(std::string_view destination) { here().interest.remove(destination, false); }

 private:
  struct LoopState {
    explicit LoopState(char separator) : registry{separator} {}
    SubscriptionRegistry registry;
    Interest interest;
    std::vector<Subscription*> matches;  // scratch, so that a fan-out allocates nothing
  };

  LoopState& here();
  void deliver_here(const Message& message);
  void prepare(Message& message);

  Runtime& runtime_;
  SimpleBrokerOptions options_;
  DeliverySink& sink_;
  std::vector<std::unique_ptr<LoopState>> loops_;
  std::string instance_;
  std::atomic<std::uint64_t> counter_{0};
};

}  // namespace ondol::messaging
