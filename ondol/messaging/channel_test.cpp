#include <ondol/messaging/channel.hpp>

#include <stdexcept>
#include <string>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <ondol/base/error.hpp>
#include <ondol/messaging/destination_guard.hpp>

namespace ondol::messaging {
namespace {

class Noting final : public ChannelInterceptor {
 public:
  Noting(std::string name, std::string& log) : name_{std::move(name)}, log_{log} {}
  bool before_send(Message& message) override {
    log_ += name_ + ' ';
    if (message.body == "throw " + name_) throw std::runtime_error{"no"};
    return message.body != "stop " + name_;
  }
  void completed(const Message&, bool sent) noexcept override {
    log_ += '~' + name_ + (sent ? "+ " : "- ");
  }

 private:
  std::string name_;
  std::string& log_;
};

class ChannelTest : public ::testing::Test {
 protected:
  ChannelTest() {
    for (auto* noting : {&a_, &b_}) {
      channel_.intercept(*noting);
      inbound_.intercept(*noting);
    }
  }
  std::string through_channel(std::string body) {
    Message message;
    message.body = std::move(body);
    log_.clear();
    try {
      channel_.pass(message, [&](const Message&) { log_ += "SENT "; });
    } catch (const std::exception&) {
      log_ += "THROWN";
    }
    return log_;
  }
  std::string through_inbound(std::string body) {
    Message message;
    message.body = std::move(body);
    log_.clear();
    start(
        [](const InboundChannel& channel, Message& m, std::string& log) -> Task<void> {
          log += co_await channel.receive(m) ? "PASSED" : "STOPPED";
        }(inbound_, message, log_),
        [] {}, [&](const std::exception_ptr&) { log_ += "THROWN"; });
    return log_;
  }

  std::string log_;
  Noting a_{"a", log_};
  Noting b_{"b", log_};
  Channel channel_;
  InboundChannel inbound_;
};

// IC-1 to IC-7: in order forth, in reverse order back, only those who let it pass.
TEST_F(ChannelTest, asks_interceptors_in_order_and_tells_them_the_end_in_reverse) {
  EXPECT_EQ(through_channel("x"), "a b SENT ~b+ ~a+ ");
  EXPECT_EQ(through_channel("stop b"), "a b ~a- ");
  EXPECT_EQ(through_channel("stop a"), "a ");
  EXPECT_EQ(through_channel("throw b"), "a b ~a- THROWN");
}

TEST_F(ChannelTest, does_so_inbound_too) {
  EXPECT_EQ(through_inbound("x"), "a b ~b+ ~a+ PASSED");
  EXPECT_EQ(through_inbound("stop b"), "a b ~a- STOPPED");
  EXPECT_EQ(through_inbound("throw b"), "a b ~a- THROWN");
}

// IC-12, BR-18, CH-35.
TEST(DestinationGuardTest, lets_clients_send_and_subscribe_only_where_told) {
  DestinationGuard guard{{.send_prefixes = {"/pub/"},
                          .subscribe_patterns = {"/sub/chat/*", "/user/queue/*"},
                          .deny_patterns = true}};
  const auto allowed = [&](MessageType type, std::string destination) {
    Message message;
    message.type = type;
    message.destination = std::move(destination);
    try {
      return guard.before_send(message);
    } catch (const Error& e) {
      EXPECT_EQ(e.code(), ErrorCode{4030});
      return false;
    }
  };
  EXPECT_TRUE(allowed(MessageType::message, "/pub/chat/5"));
  for (const auto* destination :
       {"/sub/chat/5", "/queue/errors-userabc", "/topic/x", "/user/1/queue/x", "", "/public"}) {
    EXPECT_FALSE(allowed(MessageType::message, destination)) << destination;
  }
  EXPECT_TRUE(allowed(MessageType::subscribe, "/sub/chat/5"));
  EXPECT_TRUE(allowed(MessageType::subscribe, "/user/queue/errors"));
  for (const auto* destination :
       {"/sub/chat/*", "/sub/**", "/sub/chat/{n}", "/queue/errors-userabc", "/sub/chat/5/x", ""}) {
    EXPECT_FALSE(allowed(MessageType::subscribe, destination)) << destination;
  }
  EXPECT_TRUE(allowed(MessageType::unsubscribe, ""));
}

}  // namespace
}  // namespace ondol::messaging
