#include <ondol/gateway/error_contract.hpp>

#include <utility>

#include <ondol/base/error.hpp>
#include <ondol/log/logger.hpp>
#include <ondol/messaging/error_body.hpp>
#include <ondol/messaging/token_at_connect.hpp>

namespace ondol::gateway {
namespace {

constexpr log::Logger kLog{"ondol.gateway"};

constexpr std::string_view kWrapperText =
    "Failed to send message to ExecutorSubscribableChannel[clientInboundChannel]";  // IC-5

stomp::Frame refused_token(const StompSettings& settings, const messaging::AuthenticationError& e,
                           const stomp::Frame* client) {
  if (settings.error_format == ErrorFormat::name_text) {
    auto frame = error_frame("UNAUTHORIZED", client);
    frame.body = e.what();
    return frame;
  }
  auto frame = error_frame(std::to_string(e.code().value()), client);
  frame.body = messaging::reason_body(e.what());
  return frame;
}

bool is_connect(const stomp::Frame* client) {
  return client && (client->command == stomp::Command::connect || client->command == stomp::Command::stomp);
}

}  // namespace

stomp::Frame error_frame(std::string_view message, const stomp::Frame* client) {
  stomp::Frame frame;
  frame.command = stomp::Command::error;
  frame.headers.add("message", message);
  if (client) {
    if (const auto receipt = client->headers.first("receipt")) frame.headers.add("receipt-id", *receipt);
  }
  return frame;
}

FailureAnswer answer_failure(const StompSettings& settings, const stomp::Frame* client,
                             std::exception_ptr failure) {
  // EH-1: without a handler the receipt is not copied (SE-36).
  const auto* const receipt_of = settings.error_handler == ErrorHandler::stock ? client : nullptr;
  try {
    std::rethrow_exception(failure);
  } catch (const StompError& e) {
    return {error_frame(e.what(), receipt_of), std::nullopt};
  } catch (const messaging::AuthenticationError& e) {
    return {refused_token(settings, e, client), std::nullopt};
  } catch (const Error& e) {
    // ER-32, ER-38: a refused SEND or SUBSCRIBE is told on the error queue, and the session stays.
    if (settings.error_format == ErrorFormat::code_json && !is_connect(client)) {
      return {std::nullopt, messaging::error_message(e)};
    }
    auto frame = error_frame(std::to_string(e.code().value()), receipt_of);
    frame.body = messaging::reason_body(e.what());
    return {std::move(frame), std::nullopt};
  } catch (const std::exception& e) {
    kLog.error("uncaught exception of an interceptor: {}", e.what());
    return {error_frame(settings.error_expose_messages ? kWrapperText
                                                       : std::string_view{settings.error_default_reason},
                        receipt_of),
            std::nullopt};
  }
}

}  // namespace ondol::gateway
