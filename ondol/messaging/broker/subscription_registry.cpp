#include <ondol/messaging/broker/subscription_registry.hpp>

#include <algorithm>
#include <utility>

#include <ondol/messaging/client_session.hpp>

namespace ondol::messaging {

bool SubscriptionRegistry::is_pattern(std::string_view destination) {
  if (destination.find_first_of("*?") != std::string_view::npos) return true;
  const auto open = destination.find('{');
  return open != std::string_view::npos && destination.find('}', open) != std::string_view::npos;
}

Topic& SubscriptionRegistry::topic_of(std::string_view destination) {
  if (is_pattern(destination)) {
    auto found = patterns_.find(destination);
    if (found == patterns_.end()) {
      auto topic = std::make_unique<Topic>(Topic{std::string{destination}, true, {}});
      PatternEntry entry{bind::Pattern::parse(destination, separator_), std::move(topic)};
      found = patterns_.emplace(std::string{destination}, std::move(entry)).first;
    }
    return *found->second.topic;
  }
  auto found = literal_.find(destination);
  if (found == literal_.end()) {
    auto topic = std::make_unique<Topic>(Topic{std::string{destination}, false, {}});
    found = literal_.emplace(std::string{destination}, std::move(topic)).first;
  }
  return *found->second;
}

SubscriptionTag& SubscriptionRegistry::tag_of(std::string_view id) {
  auto found = tags_.find(id);
  if (found == tags_.end()) {
    auto tag = std::make_unique<SubscriptionTag>();
    tag->id = id;
    found = tags_.emplace(std::string{id}, std::move(tag)).first;
  }
  return *found->second;
}

bool SubscriptionRegistry::add(ClientSession& session, std::string_view id,
                               std::string_view destination) {
  auto& own = session.subscriptions();
  if (own.find(id) != own.end()) return false;
  Topic& topic = topic_of(destination);
  SubscriptionTag& tag = tag_of(id);
  ++tag.references;
  auto subscription = std::make_unique<Subscription>(
      Subscription{&session, &tag, &topic, topic.subscriptions.size()});
  topic.subscriptions.push_back(subscription.get());
  own.emplace(std::string{id}, std::move(subscription));
  return true;
}

std::string SubscriptionRegistry::remove(ClientSession& session, std::string_view id) {
  auto& own = session.subscriptions();
  const auto found = own.find(id);
  if (found == own.end()) return {};
  const auto subscription = std::move(found->second);
  own.erase(found);

  Topic& topic = *subscription->topic;
  Subscription* const last = topic.subscriptions.back();
  topic.subscriptions[subscription->index] = last;
  last->index = subscription->index;
  topic.subscriptions.pop_back();
  std::string destination = topic.destination;
  if (topic.subscriptions.empty()) {
    if (topic.is_pattern) {
      patterns_.erase(destination);
    } else {
      literal_.erase(destination);
    }
  }
  if (--subscription->tag->references == 0) tags_.erase(tags_.find(subscription->tag->id));
  return destination;
}

const std::vector<Subscription*>* SubscriptionRegistry::find_literal(
    std::string_view destination) const {
  const auto topic = literal_.find(destination);
  return topic == literal_.end() ? nullptr : &topic->second->subscriptions;
}

bool SubscriptionRegistry::is_subscribed(ClientSession& session, std::string_view destination) {
  return std::ranges::any_of(session.subscriptions(), [&](const auto& own) {
    return own.second->topic->destination == destination;
  });
}

}  // namespace ondol::messaging
