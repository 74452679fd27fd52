#include <ondol/messaging/token_expiry.hpp>

#include <chrono>
#include <memory>
#include <thread>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <ondol/messaging/messaging_test_support.hpp>

namespace ondol::messaging {
namespace {

using namespace std::chrono_literals;

class TokenExpiryTest : public ::testing::Test {
 protected:
  ~TokenExpiryTest() override {
    parts_.on_loop([this] { session_->attributes().clear(); });
  }
  void watch(const TokenExpiry& expiry, std::chrono::milliseconds left) {
    parts_.on_loop([&] { expiry.watch(*session_, now_instant() + left); });
  }
  // The code with which a frame is refused; 0 when it may pass.
  int refusal_of(TokenExpiry& expiry, MessageType type, std::string destination) {
    Message message;
    message.type = type;
    message.destination = std::move(destination);
    message.session = session_;
    try {
      expiry.before_send(message);
    } catch (const Error& error) {
      return error.code().value();
    }
    return 0;
  }
  std::size_t times_ended() {
    std::size_t count = 0;
    parts_.on_loop([&] { count = session_->ended.size(); });
    return count;
  }

  Parts parts_;
  std::shared_ptr<FakeSession> session_ = parts_.session("a", "7");
};

// AU-8.
TEST_F(TokenExpiryTest, reports_what_an_expired_session_sends_but_lets_it_renew) {
  TokenExpiry expiry{{.policy = ExpiryPolicy::report, .grace = 0ms, .renew_at = "/pub/renew"}};
  watch(expiry, 1h);
  EXPECT_EQ(refusal_of(expiry, MessageType::message, "/pub/a"), 0);
  watch(expiry, -1s);
  EXPECT_EQ(refusal_of(expiry, MessageType::message, "/pub/a"), 4011);
  EXPECT_EQ(refusal_of(expiry, MessageType::subscribe, "/topic/a"), 4011);
  EXPECT_EQ(refusal_of(expiry, MessageType::unsubscribe, ""), 0);
  EXPECT_EQ(refusal_of(expiry, MessageType::message, "/pub/renew"), 0);
  EXPECT_EQ(times_ended(), 0U);
}

// AU-8, CH-34.
TEST_F(TokenExpiryTest, ends_a_silent_session_once_after_the_grace) {
  TokenExpiry expiry{{.policy = ExpiryPolicy::close, .grace = 50ms, .renew_at = {}}};
  watch(expiry, -10ms);
  EXPECT_EQ(refusal_of(expiry, MessageType::message, "/pub/a"), 0);
  for (int i = 0; i < 500 && times_ended() == 0; ++i) std::this_thread::sleep_for(10ms);
  EXPECT_EQ(times_ended(), 1U);
}

TEST_F(TokenExpiryTest, a_new_token_puts_the_end_off) {
  TokenExpiry expiry{{.policy = ExpiryPolicy::close, .grace = 0ms, .renew_at = {}}};
  watch(expiry, 50ms);
  watch(expiry, 1h);
  std::this_thread::sleep_for(200ms);
  EXPECT_EQ(times_ended(), 0U);
}

TEST_F(TokenExpiryTest, ignoring_keeps_nothing) {
  TokenExpiry expiry{{}};
  watch(expiry, -1h);
  EXPECT_FALSE(session_->has_attributes());
  EXPECT_EQ(refusal_of(expiry, MessageType::message, "/pub/a"), 0);
}

}  // namespace
}  // namespace ondol::messaging
