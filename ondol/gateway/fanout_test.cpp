#include <ondol/gateway/fanout.hpp>

#include <algorithm>
#include <string>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <ondol/gateway/gateway_test_support.hpp>

namespace ondol::gateway {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::StartsWith;

class FanoutTest : public ::testing::Test {
 protected:
  Gateway::Client& subscribed(const std::string& session, const std::string& id) {
    auto& client = gateway_.client(session);
    gateway_.say(client, {"CONNECT\naccept-version:1.2\n\n@",
                          "SUBSCRIBE\nid:" + id + "\ndestination:/topic/a\n\n@"});
    return client;
  }
  void publish(const messaging::Message& message) {
    gateway_.on_loop([&] { gateway_.broker.publish(message); });
  }
  messaging::Message message(std::string body, std::string type = "text/plain") {
    messaging::Message m;
    m.destination = "/topic/a";
    m.content_type = std::move(type);
    m.body = std::move(body);
    return m;
  }

  Gateway gateway_;
};

// ST-40, ST-41, BR-33: every subscriber has its own id in front of what all share.
TEST_F(FanoutTest, gives_each_subscriber_its_own_id_and_all_the_same_rest) {
  auto& one = subscribed("s1", "sub-0");
  auto& two = subscribed("s2", "sub-0");
  auto& three = subscribed("s3", "a:b");
  publish(message("hi"));
  const auto first = gateway_.heard(one);
  ASSERT_THAT(first,
              ElementsAre(StartsWith("MESSAGE\nsubscription:sub-0\ndestination:/topic/a\n")));
  EXPECT_THAT(first[0], HasSubstr("\ncontent-type:text/plain\ncontent-length:2\n\nhi@"));
  EXPECT_EQ(gateway_.heard(two), first);
  const auto third = gateway_.heard(three);
  ASSERT_THAT(third, ElementsAre(StartsWith("MESSAGE\nsubscription:a\\cb\n")));
  const auto tail = [](const std::string& frame) {
    return frame.substr(frame.find("destination"));
  };
  EXPECT_EQ(tail(third[0]), tail(first[0]));
}

// ST-43.
TEST_F(FanoutTest, escapes_what_the_sender_chose) {
  auto& client = subscribed("s1", "1");
  auto m = message("x");
  m.native.add("na:me", "a\nb\\c");
  publish(m);
  EXPECT_THAT(gateway_.heard(client), ElementsAre(HasSubstr("\nna\\cme:a\\nb\\\\c\n")));
}

// The order of publications is that of deliveries.
TEST_F(FanoutTest, keeps_the_order) {
  auto& client = subscribed("s1", "1");
  for (int i = 0; i < 100; ++i) publish(message(std::to_string(i)));
  const auto heard = gateway_.heard(client);
  ASSERT_EQ(heard.size(), 100U);
  for (std::size_t i = 0; i < heard.size(); ++i) {
    EXPECT_TRUE(heard[i].ends_with("\n\n" + std::to_string(i) + "@"));
  }
}

class Tagging final : public messaging::ChannelInterceptor {
 public:
  bool before_send(messaging::Message& message) override {
    message.native.add("seen", "yes");
    return message.body != "hidden";
  }
};

// IC-1: the outbound channel sees each message for each subscriber.
TEST_F(FanoutTest, passes_the_outbound_interceptors) {
  Tagging tagging;
  gateway_.outbound.intercept(tagging);
  auto& client = subscribed("s1", "1");
  publish(message("hidden"));
  publish(message("shown"));
  EXPECT_THAT(gateway_.heard(client), ElementsAre(HasSubstr("\nseen:yes\n")));
}

}  // namespace
}  // namespace ondol::gateway
