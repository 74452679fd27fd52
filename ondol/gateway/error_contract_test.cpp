#include <ondol/gateway/error_contract.hpp>

#include <stdexcept>

#include <gtest/gtest.h>

#include <ondol/base/error.hpp>
#include <ondol/messaging/token_at_connect.hpp>

namespace ondol::gateway {
namespace {

stomp::Frame client_frame(stomp::Command command) {
  stomp::Frame frame;
  frame.command = command;
  frame.headers.add("receipt", "r1");
  return frame;
}

// EH-1, EH-3, SE-36.
TEST(ErrorContract, copies_the_receipt_with_the_stock_handler_only) {
  const auto send = client_frame(stomp::Command::send);
  StompSettings settings;
  EXPECT_EQ(error_for(settings, &send, StompError{"bad"})->headers.first("receipt-id"), "r1");
  settings.error_handler = ErrorHandler::none;
  EXPECT_FALSE(error_for(settings, &send, StompError{"bad"})->headers.first("receipt-id"));
}

// EH-6.
TEST(ErrorContract, copes_without_a_client_frame) {
  const auto error = error_for({}, nullptr, StompError{"bad"});
  EXPECT_EQ(error->headers.first("message"), "bad");
  EXPECT_FALSE(error->headers.first("receipt-id"));
}

// EH-10: what an interceptor throws may hold secrets.
TEST(ErrorContract, hides_unknown_texts_when_told_to) {
  StompSettings settings;
  settings.error_expose_messages = false;
  const auto send = client_frame(stomp::Command::send);
  const auto error = error_for(settings, &send, std::runtime_error{"password is x"});
  EXPECT_EQ(error->headers.first("message"), "Internal error");
  EXPECT_TRUE(error->body.empty());
}

// ER-30, ER-32: at CONNECT a refusal ends the session, later it goes to the error queue.
TEST(ErrorContract, ends_the_session_only_at_connect) {
  const auto send = client_frame(stomp::Command::send);
  const auto connect = client_frame(stomp::Command::connect);
  const Error refusal{ErrorCode{4030}, "no"};
  EXPECT_FALSE(error_for({}, &send, refusal));
  const auto error = error_for({}, &connect, refusal);
  EXPECT_EQ(error->headers.first("message"), "4030");
  EXPECT_EQ(error->body, R"({"reason":"no"})");
}

// AU-5.
TEST(ErrorContract, tells_a_refused_token_in_the_form_of_the_settings) {
  const auto connect = client_frame(stomp::Command::connect);
  const auto refusal = messaging::authentication_error(security::JwtError::missing);
  StompSettings settings;
  const auto coded = error_for(settings, &connect, refusal);
  EXPECT_EQ(coded->headers.first("message"), "4010");
  EXPECT_TRUE(coded->body.starts_with(R"({"reason":")"));
  settings.error_format = ErrorFormat::name_text;
  const auto named = error_for(settings, &connect, refusal);
  EXPECT_EQ(named->headers.first("message"), "UNAUTHORIZED");
  EXPECT_EQ(named->body, refusal.what());
}

}  // namespace
}  // namespace ondol::gateway
