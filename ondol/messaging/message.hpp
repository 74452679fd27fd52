#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include <ondol/stomp/headers.hpp>

namespace ondol::messaging {

// Native headers are the STOMP header multimap (messaging.md, glossary): all values in order, the
// first one counts.
using Headers = stomp::Headers;

class ClientSession;

// Who a session belongs to; `name` is what user destinations and CONNECTED's user-name show
// (SE-12).
struct Principal {
  std::string name;
};

enum class MessageType : std::uint8_t {
  connect,
  connect_ack,
  message,
  subscribe,
  unsubscribe,
  heartbeat,
  disconnect,
  other,
};

// What travels through the channels: typed fields, the native headers, the body. A value.
struct Message {
  MessageType type = MessageType::message;
  std::string destination;
  std::string content_type;
  std::string subscription_id;  // of SUBSCRIBE and UNSUBSCRIBE
  Headers native;
  std::string body;

  // The session it came from; empty for what the application sends. Only on that session's loop.
  std::shared_ptr<ClientSession> session;
  std::optional<Principal> user;

  // What the client sees as destination when `destination` is the translated one of a user (UD-3,
  // UD-12).
  std::string original_destination;

  // Sessions that are subscribed to one of these destinations do not get the message.
  std::vector<std::string> unless_subscribed;
};

}  // namespace ondol::messaging
