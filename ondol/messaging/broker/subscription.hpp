#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <unordered_map>

namespace ondol::messaging {

class ClientSession;
struct Topic;

// A subscription id, one object for all sessions of a loop that use the same text: clients count
// sub-0, sub-1, …, so most of a room shares one, and the frame that carries it can be shared with
// it.
struct SubscriptionTag {
  // What the delivery side keeps with a tag, such as the encoded prefix of its frames.
  struct Attachment {
    virtual ~Attachment() = default;
  };

  std::string id;
  std::size_t references = 0;
  std::unique_ptr<Attachment> attachment;
};

// One (session, id) → destination (BR-10). Lives on the session's loop.
struct Subscription {
  ClientSession* session = nullptr;
  SubscriptionTag* tag = nullptr;
  Topic* topic = nullptr;
  std::size_t index = 0;  // in topic->subscriptions
};

// The subscriptions of one session, by id.
using SessionSubscriptions = std::map<std::string, std::unique_ptr<Subscription>, std::less<>>;

}  // namespace ondol::messaging
