#pragma once

#include <cstddef>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include <ondol/bind/pattern.hpp>
#include <ondol/messaging/broker/subscription.hpp>

namespace ondol::messaging {

// Transparent hashing, so that a look-up by string_view makes no string.
struct TextHash {
  using is_transparent = void;
  std::size_t operator()(std::string_view text) const {
    return std::hash<std::string_view>{}(text);
  }
};
template <class T>
using TextMap = std::unordered_map<std::string, T, TextHash, std::equal_to<>>;

// One destination (or pattern) with those who asked for it on this loop.
struct Topic {
  std::string destination;
  bool is_pattern = false;
  std::vector<Subscription*> subscriptions;
};

// The subscriptions of one loop (messaging.md 4.2). Adding and removing take constant time whatever
// the size of the room. Lives on its loop, without locks.
class SubscriptionRegistry {
 public:
  explicit SubscriptionRegistry(char separator) : separator_{separator} {}

  // False: the session has that id already; the first one stays (BR-11).
  bool add(ClientSession& session, std::string_view id, std::string_view destination);

  // Answers the destination that is no longer listened to, empty when the id is unknown (BR-14).
  std::string remove(ClientSession& session, std::string_view id);

  // Calls `found` for every subscription that matches a published destination: literal ones by
  // equality, patterns by 4.5. `found` must not change the registry.
  template <class Found>
  void find(std::string_view destination, Found&& found) const {
    if (const auto topic = literal_.find(destination); topic != literal_.end()) {
      for (Subscription* subscription : topic->second->subscriptions) found(*subscription);
    }
    for (const auto& [text, entry] : patterns_) {
      if (!entry.pattern.matches(destination)) continue;
      for (Subscription* subscription : entry.topic->subscriptions) found(*subscription);
    }
  }

  // The subscriptions of exactly this text.
  const std::vector<Subscription*>* find_literal(std::string_view destination) const;

  // Whether one of the session's subscriptions has exactly this text.
  static bool is_subscribed(ClientSession& session, std::string_view destination);

  // `*`, `?`, or a `{` that a `}` follows (BR-17).
  static bool is_pattern(std::string_view destination);

 private:
  struct PatternEntry {
    bind::Pattern pattern;
    std::unique_ptr<Topic> topic;
  };

  Topic& topic_of(std::string_view destination);
  SubscriptionTag& tag_of(std::string_view id);

  char separator_;
  TextMap<std::unique_ptr<Topic>> literal_;
  TextMap<PatternEntry> patterns_;
  TextMap<std::unique_ptr<SubscriptionTag>> tags_;
};

}  // namespace ondol::messaging
