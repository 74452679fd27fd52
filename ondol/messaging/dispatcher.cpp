#include <ondol/messaging/dispatcher.hpp>

#include <algorithm>

#include <ondol/log/logger.hpp>

namespace ondol::messaging {
namespace {

constexpr log::Logger kLog{"ondol.messaging"};

// RV-3.
std::string expand(std::string_view text, const bind::Variables& variables) {
  std::string out{text};
  for (const auto& [name, value] : variables) {
    const std::string placeholder = '{' + name + '}';
    for (auto at = out.find(placeholder); at != std::string::npos;
         at = out.find(placeholder, at + value.size())) {
      out.replace(at, placeholder.size(), value);
    }
  }
  return out;
}

}  // namespace

Dispatcher::Dispatcher(Options options, ErrorMessages& errors)
    : options_{std::move(options)}, errors_{errors} {
  for (auto& prefix : options_.prefixes) {
    if (!prefix.ends_with('/')) prefix += '/';  // AH-2
  }
}

void Dispatcher::connect(Broker& broker, UserDestinations& user_destinations,
                         const Channel& broker_channel) {
  broker_ = &broker;
  user_destinations_ = &user_destinations;
  broker_channel_ = &broker_channel;
}

MessageRoute& Dispatcher::add_route(
    MessageType type, std::string_view pattern, const std::vector<std::string>& needed,
    std::function<Task<std::optional<Payload>>(Delivery&)> handler) {
  auto route = std::make_unique<MessageRoute>();
  route->type_ = type;
  std::string text{pattern};
  if (options_.separator == '/' && !text.starts_with('/')) text.insert(0, 1, '/');  // AH-4
  route->pattern_ = bind::Pattern::parse(text, options_.separator);
  route->handler_ = std::move(handler);
  const auto& names = route->pattern_.variable_names();
  for (const auto& name : needed) {
    if (std::ranges::find(names, name) == names.end()) {
      throw std::logic_error{"the pattern " + text + " has no variable {" + name + "}"};
    }
  }
  for (const auto& other : routes_) {
    if (other->type_ == type && other->pattern_.text() == text) {
      throw std::logic_error{"two handlers for " + text};  // AH-6
    }
  }
  routes_.push_back(std::move(route));
  return *routes_.back();
}

// AH-3: what is left of a destination behind its prefix.
std::optional<std::string_view> Dispatcher::lookup(std::string_view destination) const {
  for (const auto& prefix : options_.prefixes) {
    if (!destination.starts_with(prefix)) continue;
    return destination.substr(options_.separator == '/' ? prefix.size() - 1 : prefix.size());
  }
  return std::nullopt;
}

const MessageRoute* Dispatcher::find(MessageType type, std::string_view path,
                                     bind::Variables& variables) const {
  const MessageRoute* best = nullptr;
  for (const auto& route : routes_) {
    if (route->type_ != type || !route->pattern_.matches(path)) continue;
    if (!best || route->pattern_.compare(best->pattern_, path) < 0) best = route.get();
  }
  if (best) best->pattern_.match(path, &variables);
  return best;
}

Task<bool> Dispatcher::dispatch(Message message) const {
  const auto type = message.type;
  const std::string path{lookup(message.destination).value_or("")};
  bind::Variables variables;
  const MessageRoute* const route = find(type, path, variables);
  Delivery delivery{std::move(message), std::move(variables)};
  std::exception_ptr failure;
  try {
    if (!route) {
      if (options_.unmapped_is_error) throw Error{ErrorCode{4041}, "No such destination."};
      kLog.debug("no handler for {}", path);  // AH-8
      co_return true;
    }
    if (auto payload = co_await route->handler_(delivery)) {
      send_result(*route, delivery, path, std::move(*payload));
    }
    co_return true;
  } catch (...) {
    failure = std::current_exception();
  }
  try {
    std::rethrow_exception(failure);
  } catch (const std::exception& e) {
    errors_.tell(delivery.session(), type, delivery.message().native, e, *user_destinations_);
  } catch (...) {
    kLog.error("Unhandled exception from message handler method, of no known type");
  }
  co_return false;
}

void Dispatcher::send_result(const MessageRoute& route, const Delivery& delivery,
                             std::string_view path, Payload payload) const {
  Message result;
  result.content_type = std::move(payload.content_type);
  result.body = std::move(payload.body);
  if (route.type_ == MessageType::subscribe && route.send_to_.empty() &&
      route.send_to_user_.empty()) {
    // RV-12: once, directly, and no subscription exists.
    const auto& input = delivery.message();
    if (input.subscription_id.empty())
      return kLog.error("SUBSCRIBE {} without id", input.destination);
    result.destination = input.destination;
    result.native.set("message-id", broker_->next_message_id());
    delivery.session().reply_once(result, input.subscription_id);
    return;
  }
  for (const auto& destination : route.send_to_user_) {  // RV-5: the user first
    auto& session = delivery.session();
    // RV-8: without a user it is the sending session.
    const bool one = route.only_this_session_ || !session.user();
    user_destinations_->send_to_user(session.user() ? session.user()->name : std::string{},
                                     expand(destination, delivery.variables()), result,
                                     one ? std::string_view{session.id()} : std::string_view{});
  }
  auto targets = route.send_to_;
  if (targets.empty() && route.send_to_user_.empty()) {
    targets.push_back(options_.default_destination_prefix + (path.starts_with('/') ? "" : "/") +
                      std::string{path});
  }
  for (const auto& destination : targets) {
    Message copy = result;
    copy.destination = expand(destination, delivery.variables());
    broker_channel_->pass(copy, [&](Message& m) { broker_->publish(std::move(m)); });
  }
}

}  // namespace ondol::messaging
