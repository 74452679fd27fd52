#include <ondol/messaging/broker/simple_broker.hpp>

#include <algorithm>
#include <charconv>
#include <utility>

#include <ondol/base/ids.hpp>
#include <ondol/base/text.hpp>
#include <ondol/messaging/client_session.hpp>

namespace ondol::messaging {

SimpleBroker::SimpleBroker(Runtime& runtime, SimpleBrokerOptions options, DeliverySink& sink)
    : runtime_{runtime}, options_{std::move(options)}, sink_{sink}, instance_{random_hex(6)} {
  for (std::size_t i = 0; i < runtime.size(); ++i) {
    loops_.push_back(std::make_unique<LoopState>(options_.separator));
  }
}

SimpleBroker::LoopState& SimpleBroker::here() {
  return *loops_[Loop::current().index()];
}

bool SimpleBroker::owns(std::string_view destination) const {
  if (options_.prefixes.empty()) return true;
  return std::ranges::any_of(options_.prefixes, [&](const std::string& prefix) {
    // BR-2: a prefix ends at a slash, and the bare prefix is one of its destinations.
    return destination.starts_with(prefix) &&
           (destination.size() == prefix.size() || prefix.ends_with('/') ||
            destination[prefix.size()] == '/');
  });
}

Broker::Subscribed SimpleBroker::subscribe(ClientSession& session, std::string_view id,
                                           std::string_view destination) {
  auto& state = here();
  if (!state.registry.add(session, id, destination)) return Subscribed::duplicate_id;
  state.interest.add(destination, SubscriptionRegistry::is_pattern(destination));
  return Subscribed::stored;
}

void SimpleBroker::unsubscribe(ClientSession& session, std::string_view id) {
  auto& state = here();
  const auto destination = state.registry.remove(session, id);
  if (!destination.empty())
    state.interest.remove(destination, SubscriptionRegistry::is_pattern(destination));
}

void SimpleBroker::remove_session(ClientSession& session) {
  while (!session.subscriptions().empty()) {
    const std::string id = session.subscriptions().begin()->first;
    unsubscribe(session, id);
  }
}

std::string SimpleBroker::next_message_id() {
  std::string id;
  id.reserve(instance_.size() + 21);
  id += instance_;
  id += '-';
  char digits[20];
  const auto number = counter_.fetch_add(1, std::memory_order_relaxed);
  return id.append(digits, std::to_chars(digits, digits + sizeof digits, number).ptr);
}

void SimpleBroker::prepare(Message& message) {
  if (message.session) {
    // A client's SEND: credentials and what only the server may say do not travel on (BR-31,
    // BR-34).
    message.native.remove_if([&](std::string_view name) {
      return name == "message-id" || name == "subscription" || name == "destination" ||
             name == "content-length" ||
             std::ranges::any_of(options_.strip_headers, [&](const std::string& stripped) {
               return iequals(name, stripped);
             });
    });
    message.session.reset();  // must not leave its loop
    message.native.add("message-id", next_message_id());
  } else {
    message.native.set("message-id", next_message_id());
  }
}

bool SimpleBroker::may_listen(std::string_view destination) const {
  return std::ranges::any_of(
      loops_, [&](const auto& state) { return state->interest.may_listen(destination); });
}

void SimpleBroker::publish(Message message) {
  prepare(message);
  Loop* const own = Loop::current_or_null();
  std::shared_ptr<const Message> shared;
  bool deliver_own = false;
  for (std::size_t i = 0; i < loops_.size(); ++i) {
    if (!loops_[i]->interest.may_listen(message.destination)) continue;
    if (own == &runtime_.loop(i)) {
      deliver_own = true;
      continue;
    }
    if (!shared) shared = std::make_shared<const Message>(message);
    runtime_.loop(i).post([this, shared] { deliver_here(*shared); });
  }
  if (deliver_own) deliver_here(message);
}

void SimpleBroker::deliver_here(const Message& message) {
  auto& state = here();
  state.matches.clear();
  state.registry.find(message.destination,
                      [&](Subscription& subscription) { state.matches.push_back(&subscription); });
  if (!message.unless_subscribed.empty()) {
    std::erase_if(state.matches, [&](const Subscription* match) {
      return std::ranges::any_of(message.unless_subscribed, [&](const std::string& destination) {
        return SubscriptionRegistry::is_subscribed(*match->session, destination);
      });
    });
  }
  if (!state.matches.empty()) sink_.deliver(message, state.matches);
}

void SimpleBroker::end_subscriptions(std::string destination,
                                     std::function<bool(const ClientSession&)> ends) {
  const auto work = [this, destination = std::move(destination), ends = std::move(ends)] {
    auto& state = here();
    const auto* const found = state.registry.find_literal(destination);
    if (!found) return;
    std::vector<std::pair<ClientSession*, std::string>> ended;
    for (const Subscription* subscription : *found) {
      if (ends(*subscription->session))
        ended.emplace_back(subscription->session, subscription->tag->id);
    }
    for (const auto& [session, id] : ended) unsubscribe(*session, id);
  };
  for (std::size_t i = 0; i < loops_.size(); ++i) {
    if (Loop::current_or_null() == &runtime_.loop(i)) {
      work();
    } else {
      runtime_.loop(i).post(work);
    }
  }
}

}  // namespace ondol::messaging
