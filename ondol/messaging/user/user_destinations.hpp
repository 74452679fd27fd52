#pragma once

#include <optional>
#include <string>
#include <string_view>

#include <ondol/messaging/broker/broker.hpp>
#include <ondol/messaging/message.hpp>
#include <ondol/messaging/user/user_registry.hpp>

namespace ondol::messaging {

// Translates /user/… to the destinations of single sessions, messaging.md 5.1. Used on any thread.
class UserDestinations {
 public:
  UserDestinations(std::string prefix, const UserRegistry& registry, Broker& broker);

  bool owns(std::string_view destination) const { return destination.starts_with(prefix_); }

  bool is_connected(const std::string& user) const { return !registry_.sessions_of(user).empty(); }

  // `/user/queue/x` of one session → `/queue/x-user<session id>` (UD-2).
  std::string for_session(std::string_view destination, std::string_view session_id) const;

  // A message to `/user/<name>/queue/x`: one copy for each session it resolves to (UD-6 to UD-10).
  void send(Message message);

  // To all sessions of `user`, or to `only_session` if that is not empty. `destination` begins with
  // a slash (UD-16). Throws std::invalid_argument for a name with %2F in it.
  void send_to_user(std::string_view user, std::string_view destination, Message message,
                    std::string_view only_session = {});

 private:
  void send_to_session(const Message& message, std::string_view destination,
                       std::string_view session_id);

  std::string prefix_;  // with its final slash
  const UserRegistry& registry_;
  Broker& broker_;
};

}  // namespace ondol::messaging
