#include <ondol/messaging/destination_guard.hpp>

#include <algorithm>

#include <ondol/base/error.hpp>
#include <ondol/messaging/broker/subscription_registry.hpp>

namespace ondol::messaging {
namespace {

[[noreturn]] void refuse() {
  throw Error{ErrorCode{4030}, "Forbidden destination."};
}

}  // namespace

DestinationGuard::DestinationGuard(const Options& options)
    : send_prefixes_{options.send_prefixes}, deny_patterns_{options.deny_patterns} {
  for (const auto& text : options.subscribe_patterns) {
    subscribe_patterns_.push_back(bind::Pattern::parse(text, '/'));
  }
}

bool DestinationGuard::before_send(Message& message) {
  if (message.type == MessageType::message) {
    if (send_prefixes_.empty()) return true;
    const bool allowed = std::ranges::any_of(send_prefixes_, [&](const std::string& prefix) {
      return message.destination.starts_with(prefix);
    });
    if (!allowed) refuse();
  }
  if (message.type == MessageType::subscribe) {
    if (deny_patterns_ && SubscriptionRegistry::is_pattern(message.destination)) refuse();
    if (subscribe_patterns_.empty()) return true;
    const bool allowed = std::ranges::any_of(
        subscribe_patterns_,
        [&](const bind::Pattern& pattern) { return pattern.matches(message.destination); });
    if (!allowed) refuse();
  }
  return true;
}

}  // namespace ondol::messaging
