#include <ondol/messaging/error_messages.hpp>

#include <any>

#include <ondol/log/logger.hpp>

namespace ondol::messaging {
namespace {

constexpr log::Logger kLog{"ondol.messaging"};

std::string code_body(std::uint16_t code, std::string_view reason) {
  std::string body = "{\"code\":\"" + std::to_string(code) + "\",\"reason\":";
  json::append_json_string(body, reason);
  return body + '}';
}

constexpr std::string_view kLanguages = "accept-language";

std::string_view languages_of(ClientSession& session) {
  if (!session.has_attributes()) return {};
  const auto found = session.attributes().find(kLanguages);
  if (found == session.attributes().end()) return {};
  return std::any_cast<const std::string&>(found->second);
}

}  // namespace

std::string reason_body(std::string_view reason) {
  std::string body = "{\"reason\":";
  json::append_json_string(body, reason);
  return body + '}';
}

std::string ErrorMessages::reason_for(ClientSession& session, const Error& e) const {
  if (!options_.reasons) return e.what();
  return options_.reasons(e.code().value(), e.what(), languages_of(session));
}

void ErrorMessages::remember_languages(ClientSession& session, std::string_view languages) {
  session.attributes()[std::string{kLanguages}] = std::string{languages};
}

std::string ErrorMessages::body_of(const std::exception& e) const {
  const auto* const known = dynamic_cast<const Error*>(&e);
  if (!known) kLog.error("Unhandled exception from message handler method: {}", e.what());
  if (auto body = table_.find(e)) return std::move(*body);
  if (known) return code_body(known->code().value(), known->what());
  const std::string_view text = e.what();
  return code_body(5000,
                   options_.expose_messages && !text.empty() ? text : options_.default_reason);
}

void ErrorMessages::tell(ClientSession& session, MessageType type, const Headers& native,
                         const std::exception& e, UserDestinations& user_destinations) const {
  Message message;
  message.content_type = "application/json";
  message.body = body_of(e);
  if (options_.reasons) {
    message.body =
        json::with_reason(std::move(message.body), options_.reasons, languages_of(session));
  }
  if (type == MessageType::subscribe) {
    if (const auto id = native.first("id")) message.native.add("subscription-id", *id);
  }
  if (options_.receipt_id) {
    if (const auto receipt = native.first("receipt")) message.native.add("receipt-id", *receipt);
  }
  const bool everywhere = options_.user_broadcast && session.user();
  user_destinations.send_to_user(session.user() ? session.user()->name : std::string{},
                                 "/queue/errors", std::move(message),
                                 everywhere ? std::string_view{} : session.id());
}

}  // namespace ondol::messaging
