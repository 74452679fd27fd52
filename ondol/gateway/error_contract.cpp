#include <ondol/gateway/error_contract.hpp>

#include <utility>

#include <ondol/base/error.hpp>
#include <ondol/log/logger.hpp>
#include <ondol/messaging/error_messages.hpp>
#include <ondol/messaging/token_at_connect.hpp>

namespace ondol::gateway {
namespace {

constexpr log::Logger kLog{"ondol.gateway"};

constexpr std::string_view kWrapperText =
    "Failed to send message to ExecutorSubscribableChannel[clientInboundChannel]";  // IC-5

std::string reason_of(const StompSettings& settings, const Error& e, const stomp::Frame* client) {
  if (!settings.reasons) return e.what();
  const auto languages = client ? client->headers.first("accept-language") : std::nullopt;
  return settings.reasons(e.code().value(), e.what(), languages.value_or(""));
}

stomp::Frame refused_token(const StompSettings& settings, const messaging::AuthenticationError& e,
                           const stomp::Frame* client) {
  if (settings.error_format == ErrorFormat::name_text) {
    auto frame = error_frame("UNAUTHORIZED", client);
    frame.body = e.what();
    return frame;
  }
  auto frame = error_frame(std::to_string(e.code().value()), client);
  frame.body = messaging::reason_body(reason_of(settings, e, client));
  return frame;
}

bool is_connect(const stomp::Frame* client) {
  return client &&
         (client->command == stomp::Command::connect || client->command == stomp::Command::stomp);
}

}  // namespace

stomp::Frame error_frame(std::string_view message, const stomp::Frame* client) {
  stomp::Frame frame;
  frame.command = stomp::Command::error;
  frame.headers.add("message", message);
  if (client) {
    if (const auto receipt = client->headers.first("receipt"))
      frame.headers.add("receipt-id", *receipt);
  }
  return frame;
}

std::optional<stomp::Frame> error_for(const StompSettings& settings, const stomp::Frame* client,
                                      const std::exception& failure) {
  // EH-1: without a handler the receipt is not copied (SE-36).
  const auto* const receipt_of = settings.error_handler == ErrorHandler::stock ? client : nullptr;
  if (dynamic_cast<const StompError*>(&failure)) return error_frame(failure.what(), receipt_of);
  if (const auto* refused = dynamic_cast<const messaging::AuthenticationError*>(&failure)) {
    return refused_token(settings, *refused, client);
  }
  if (const auto* known = dynamic_cast<const Error*>(&failure)) {
    // ER-32, ER-38: a refused SEND or SUBSCRIBE is told on the error queue, and the session stays.
    if (settings.error_format == ErrorFormat::code_json && !is_connect(client)) return std::nullopt;
    auto frame = error_frame(std::to_string(known->code().value()), receipt_of);
    frame.body = messaging::reason_body(reason_of(settings, *known, client));
    return frame;
  }
  kLog.error("uncaught exception of an interceptor: {}", failure.what());
  return error_frame(settings.error_expose_messages
                         ? kWrapperText
                         : std::string_view{settings.error_default_reason},
                     receipt_of);
}

}  // namespace ondol::gateway
