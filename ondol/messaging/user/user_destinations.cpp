#include <ondol/messaging/user/user_destinations.hpp>

#include <algorithm>
#include <stdexcept>
#include <utility>

#include <ondol/log/logger.hpp>
#include <ondol/messaging/client_session.hpp>

namespace ondol::messaging {
namespace {

constexpr log::Logger kLog{"ondol.messaging.user"};

std::string replace_all(std::string_view text, std::string_view from, std::string_view to) {
  std::string result;
  while (true) {
    const auto at = text.find(from);
    result += text.substr(0, at);
    if (at == std::string_view::npos) return result;
    result += to;
    text.remove_prefix(at + from.size());
  }
}

}  // namespace

UserDestinations::UserDestinations(std::string prefix, const UserRegistry& registry, Broker& broker)
    : prefix_{std::move(prefix)}, registry_{registry}, broker_{broker} {
  if (!prefix_.ends_with('/')) prefix_ += '/';
}

std::string UserDestinations::for_session(std::string_view destination,
                                          std::string_view session_id) const {
  std::string result{destination.substr(prefix_.size() - 1)};
  result += "-user";
  result += session_id;
  return result;
}

void UserDestinations::send(Message message) {
  const auto rest = std::string_view{message.destination}.substr(prefix_.size());
  const auto slash = rest.find('/');
  if (slash == std::string_view::npos) {
    kLog.error("Expected destination pattern \"{}{{userId}}/**\", got {}", prefix_,
               message.destination);  // UD-7
    return;
  }
  const std::string name = replace_all(rest.substr(0, slash), "%2F", "/");
  const std::string destination{rest.substr(slash)};
  const std::string from = message.session ? message.session->id() : std::string{};

  // UD-8: the sender's own session by its id; else the user's sessions, narrowed to the sender's if
  // it is among them.
  if (!from.empty() && name == from) return send_to_session(message, destination, from);
  const auto sessions = registry_.sessions_of(name);
  if (!from.empty() && std::ranges::find(sessions, from) != sessions.end()) {
    return send_to_session(message, destination, from);
  }
  for (const auto& session_id : sessions) send_to_session(message, destination, session_id);
}

void UserDestinations::send_to_user(std::string_view user, std::string_view destination,
                                    Message message, std::string_view only_session) {
  if (user.find("%2F") != std::string_view::npos) {
    throw std::invalid_argument{"a user name must not contain %2F"};  // UD-16
  }
  if (!only_session.empty()) return send_to_session(message, destination, only_session);
  for (const auto& session_id : registry_.sessions_of(std::string{user})) {
    send_to_session(message, destination, session_id);
  }
}

void UserDestinations::send_to_session(const Message& message, std::string_view destination,
                                       std::string_view session_id) {
  Message copy = message;
  copy.type = MessageType::message;
  copy.destination = destination;
  copy.destination += "-user";
  copy.destination += session_id;
  copy.original_destination = prefix_.substr(0, prefix_.size() - 1);
  copy.original_destination += destination;
  broker_.publish(std::move(copy));
}

}  // namespace ondol::messaging
