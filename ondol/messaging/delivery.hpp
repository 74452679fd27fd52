#pragma once

#include <concepts>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include <ondol/base/text.hpp>
#include <ondol/bind/binder.hpp>
#include <ondol/bind/pattern.hpp>
#include <ondol/json/codec.hpp>
#include <ondol/messaging/client_session.hpp>
#include <ondol/messaging/message.hpp>

namespace ondol::messaging {

// A message on its way to a handler: what its parameters are bound from. Lives on the loop of its
// session.
class Delivery {
 public:
  Delivery(Message message, bind::Variables variables)
      : message_{std::move(message)}, variables_{std::move(variables)} {}

  const Message& message() const { return message_; }
  ClientSession& session() const { return *message_.session; }
  const bind::Variables& variables() const { return variables_; }

  std::optional<std::string> find_variable(std::string_view name) const {
    for (const auto& [key, value] : variables_) {
      if (key == name) return value;
    }
    return std::nullopt;
  }
  std::optional<std::string> find_header(std::string_view name) const {
    const auto value = message_.native.first(name);
    if (!value) return std::nullopt;
    return std::string{*value};
  }

 private:
  Message message_;
  bind::Variables variables_;
};

// The id of the session that sent the message, as a parameter.
struct SessionId {
  std::string value;
};

}  // namespace ondol::messaging

namespace ondol::bind {

template <>
struct Binder<messaging::Delivery, messaging::Principal> {
  static messaging::Principal bind(messaging::Delivery& delivery) {
    if (!delivery.message().user) throw Error{ErrorCode{4010}, "Authentication is required."};
    return *delivery.message().user;
  }
};

template <>
struct Binder<messaging::Delivery, messaging::SessionId> {
  static messaging::SessionId bind(messaging::Delivery& delivery) {
    return {delivery.session().id()};
  }
};

// The session itself, good as long as the handler runs.
template <>
struct Binder<messaging::Delivery, std::shared_ptr<messaging::ClientSession>> {
  static std::shared_ptr<messaging::ClientSession> bind(messaging::Delivery& delivery) {
    return delivery.message().session;
  }
};

// CV-1 to CV-6: the content type and the wanted type choose the conversion.
template <class T>
struct Binder<messaging::Delivery, Body<T>> {
  static Body<T> bind(messaging::Delivery& delivery) {
    const auto& message = delivery.message();
    if (message.body.empty()) throw Unreadable{"Payload value must not be empty"};  // AH-28
    const auto type =
        trim(std::string_view{message.content_type}.substr(0, message.content_type.find(';')));
    const bool is_json = iequals(type, "application/json") || type.ends_with("+json");
    if constexpr (std::same_as<T, std::string>) {
      if (type.empty() || iequals(type, "text/plain")) return Body<T>{message.body};
    }
    if (!is_json && !(type.empty() && !std::same_as<T, std::string>))
      throw Unreadable{"body malformed"};
    try {
      return Body<T>{json::from_json<T>(message.body)};
    } catch (const json::JsonError& e) {
      throw Unreadable{e.what()};
    }
  }
};

}  // namespace ondol::bind
