#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <ondol/bind/checked_pattern.hpp>
#include <ondol/messaging/broker/broker.hpp>
#include <ondol/messaging/channel.hpp>
#include <ondol/messaging/delivery.hpp>
#include <ondol/messaging/error_messages.hpp>
#include <ondol/messaging/user/user_destinations.hpp>

namespace ondol::messaging {

// What a handler gave back; empty: nothing is sent (RV-1).
struct Payload {
  std::string content_type;
  std::string body;
};

// CV-9: texts as text, everything else as JSON.
template <class T>
std::optional<Payload> to_payload(const T& result) {
  if constexpr (json::detail::IsOptional<T>::value) {
    if (!result) return std::nullopt;
    return to_payload(*result);
  } else if constexpr (std::same_as<T, std::string>) {
    return Payload{"text/plain;charset=UTF-8", result};
  } else {
    return Payload{"application/json", json::to_json(result)};
  }
}

// One mapping, and where its result goes.
class MessageRoute {
 public:
  // {variables} are replaced by those of the input (RV-3). Without this a result goes to /topic +
  // its destination (RV-2).
  MessageRoute& send_to(std::string destination) {
    send_to_.push_back(std::move(destination));
    return *this;
  }
  MessageRoute& send_to_user(std::string destination) {
    send_to_user_.push_back(std::move(destination));
    return *this;
  }
  // Narrows send_to_user() to the session that sent the input (RV-7).
  MessageRoute& only_this_session() {
    only_this_session_ = true;
    return *this;
  }

 private:
  friend class Dispatcher;
  MessageType type_ = MessageType::message;
  bind::Pattern pattern_;
  std::function<Task<std::optional<Payload>>(Delivery&)> handler_;
  std::vector<std::string> send_to_;
  std::vector<std::string> send_to_user_;
  bool only_this_session_ = false;
};

template <class C>
class Routes;

// Messages and subscriptions below the application prefixes → handlers (messaging.md 6); the edge
// where their exceptions become messages on the error queue. Filled before the start, then used on
// all loops.
class Dispatcher {
 public:
  struct Options {
    std::vector<std::string> prefixes{"/pub"};
    char separator = '/';
    bool unmapped_is_error = false;                     // 4041 where Spring is silent (CH-35)
    std::string default_destination_prefix = "/topic";  // RV-2
  };

  Dispatcher(Options options, ErrorMessages& errors);

  template <class F>
  MessageRoute& message(bind::PatternFor<std::type_identity_t<F>> pattern, F f) {
    return add(MessageType::message, pattern.text(), std::move(f));
  }
  template <class F>
  MessageRoute& subscribe(bind::PatternFor<std::type_identity_t<F>> pattern, F f) {
    return add(MessageType::subscribe, pattern.text(), std::move(f));
  }
  // The controller's own routes(messaging::Routes<C>&). It must outlive the server.
  template <class C>
  void mount(const C& controller);

  // Set once, before the start.
  void connect(Broker& broker, UserDestinations& user_destinations, const Channel& broker_channel);

  bool owns(std::string_view destination) const { return lookup(destination).has_value(); }

  // Runs the handler of a message with a session. Answers whether it took effect; a failure was
  // told to the sender then.
  Task<bool> dispatch(Message message) const;

  const ErrorMessages& errors() const { return errors_; }

 private:
  template <class F>
  MessageRoute& add(MessageType type, std::string_view pattern, F f) {
    return add_route(type, pattern, bind::path_names<F>(),
                     [f = std::move(f)](Delivery& delivery) -> Task<std::optional<Payload>> {
                       using R = bind::ResultOf<F, Delivery>;
                       // The closure lives in the route, which outlives every message.
                       if constexpr (std::is_void_v<R>) {
                         co_await bind::call(f, delivery);
                         co_return std::nullopt;
                       } else {
                         co_return to_payload(co_await bind::call(f, delivery));
                       }
                     });
  }
  MessageRoute& add_route(MessageType type, std::string_view pattern,
                          const std::vector<std::string>& needed,
                          std::function<Task<std::optional<Payload>>(Delivery&)> handler);
  std::optional<std::string_view> lookup(std::string_view destination) const;
  const MessageRoute* find(MessageType type, std::string_view path,
                           bind::Variables& variables) const;
  void send_result(const MessageRoute& route, const Delivery& delivery, std::string_view path,
                   Payload payload) const;

  Options options_;
  ErrorMessages& errors_;
  Broker* broker_ = nullptr;
  UserDestinations* user_destinations_ = nullptr;
  const Channel* broker_channel_ = nullptr;
  std::vector<std::unique_ptr<MessageRoute>> routes_;
};

// What a controller maps its own const member functions with.
template <class C>
class Routes {
  template <class... A>
  using PatternOf =
      bind::CheckedPattern<std::type_identity_t<std::tuple<std::remove_cvref_t<A>...>>>;

 public:
  Routes(Dispatcher& dispatcher, const C& controller)
      : dispatcher_{dispatcher}, controller_{controller} {}

  template <class R, class... A>
  MessageRoute& message(PatternOf<A...> pattern, R (C::*f)(A...) const) {
    return dispatcher_.message(bind::at_run_time{pattern.text()}, bound(f));
  }
  template <class R, class... A>
  MessageRoute& subscribe(PatternOf<A...> pattern, R (C::*f)(A...) const) {
    return dispatcher_.subscribe(bind::at_run_time{pattern.text()}, bound(f));
  }

 private:
  template <class R, class... A>
  auto bound(R (C::*f)(A...) const) const {
    return [&controller = controller_, f](A... arguments) -> R {
      return (controller.*f)(std::move(arguments)...);
    };
  }

  Dispatcher& dispatcher_;
  const C& controller_;
};

template <class C>
void Dispatcher::mount(const C& controller) {
  Routes<C> routes{*this, controller};
  controller.routes(routes);
}

}  // namespace ondol::messaging
