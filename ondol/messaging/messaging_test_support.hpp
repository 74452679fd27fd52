#pragma once

#include <functional>
#include <map>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <ondol/messaging/broker/simple_broker.hpp>
#include <ondol/messaging/client_session.hpp>
#include <ondol/messaging/dispatcher.hpp>
#include <ondol/messaging/user/user_destinations.hpp>
#include <ondol/runtime/runtime.hpp>

namespace ondol::messaging {

// A client that is nothing but its id, its user and what it was answered.
class FakeSession final : public ClientSession {
 public:
  FakeSession(Loop& loop, std::string id) : ClientSession{loop, std::move(id)} {}
  std::size_t unsent() const override { return 0; }
  void end(const Error& why) override { ended.emplace_back(why.what()); }
  std::vector<std::string> ended;
  void reply_once(const Message& message, std::string_view subscription_id) override {
    replies.push_back(std::string{subscription_id} + ' ' + message.body);
  }
  std::vector<std::string> replies;
};

// Keeps what each session was delivered: "<subscription id> <destination> <body>".
class RecordingSink final : public DeliverySink {
 public:
  void deliver(const Message& message, std::span<Subscription* const> to) override {
    for (const auto* subscription : to) {
      const auto& shown =
          message.original_destination.empty() ? message.destination : message.original_destination;
      heard[subscription->session->id()].push_back(subscription->tag->id + ' ' + shown + ' ' +
                                                   message.body);
    }
  }
  std::map<std::string, std::vector<std::string>> heard;
};

// Messaging on one loop, without transports.
struct Parts {
  Parts() {
    dispatcher.connect(broker, user_destinations, broker_channel);
    runtime.start();
  }
  void on_loop(const std::function<void()>& work) { runtime.run_on(runtime.loop(0), work); }

  std::shared_ptr<FakeSession> session(const std::string& id, const std::string& user = {}) {
    auto made = std::make_shared<FakeSession>(runtime.loop(0), id);
    if (!user.empty()) {
      made->set_user({user});
      user_registry.add(user, id);
    }
    return made;
  }
  void subscribe(FakeSession& session, std::string_view id, std::string_view destination) {
    on_loop([&] { broker.subscribe(session, id, destination); });
  }
  void publish(std::string destination, std::string body) {
    Message message;
    message.destination = std::move(destination);
    message.body = std::move(body);
    on_loop([&] { broker.publish(std::move(message)); });
  }

  Runtime runtime{{.loops = 1, .workers = {.threads = 1, .max_queued = 4}}};
  RecordingSink sink;
  SimpleBroker broker{runtime, {}, sink};
  UserRegistry user_registry;
  UserDestinations user_destinations{"/user/", user_registry, broker};
  ErrorMessages errors{{}};
  Channel broker_channel;
  Dispatcher dispatcher{{.unmapped_is_error = true}, errors};
};

}  // namespace ondol::messaging
