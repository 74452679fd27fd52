#include <ondol/messaging/broker/simple_broker.hpp>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <ondol/messaging/messaging_test_support.hpp>

namespace ondol::messaging {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

class SimpleBrokerTest : public ::testing::Test {
 protected:
  Parts parts_;
};

// BR-1, BR-2.
TEST_F(SimpleBrokerTest, owns_what_is_below_its_prefixes) {
  EXPECT_TRUE(parts_.broker.owns("/topic/a"));
  EXPECT_TRUE(parts_.broker.owns("/topic"));
  EXPECT_FALSE(parts_.broker.owns("/topical"));
  EXPECT_FALSE(parts_.broker.owns("/pub/a"));
}

// BR-8, BR-10, BR-16.
TEST_F(SimpleBrokerTest, delivers_to_each_subscription_of_the_destination_and_to_no_other) {
  auto a = parts_.session("a");
  auto b = parts_.session("b");
  parts_.subscribe(*a, "1", "/topic/x");
  parts_.subscribe(*a, "2", "/topic/x");
  parts_.subscribe(*b, "1", "/topic/y");
  parts_.publish("/topic/x", "hi");
  EXPECT_THAT(parts_.sink.heard["a"], ElementsAre("1 /topic/x hi", "2 /topic/x hi"));
  EXPECT_THAT(parts_.sink.heard["b"], IsEmpty());
}

// BR-11.
TEST_F(SimpleBrokerTest, keeps_the_first_of_equal_ids) {
  auto a = parts_.session("a");
  parts_.on_loop([&] {
    EXPECT_EQ(parts_.broker.subscribe(*a, "1", "/topic/x"), Broker::Subscribed::stored);
    EXPECT_EQ(parts_.broker.subscribe(*a, "1", "/topic/y"), Broker::Subscribed::duplicate_id);
  });
  parts_.publish("/topic/y", "no");
  parts_.publish("/topic/x", "yes");
  EXPECT_THAT(parts_.sink.heard["a"], ElementsAre("1 /topic/x yes"));
}

// BR-14.
TEST_F(SimpleBrokerTest, forgets_subscriptions_and_sessions) {
  auto a = parts_.session("a");
  auto b = parts_.session("b");
  parts_.subscribe(*a, "1", "/topic/x");
  parts_.subscribe(*b, "1", "/topic/x");
  parts_.on_loop([&] {
    parts_.broker.unsubscribe(*a, "1");
    parts_.broker.unsubscribe(*a, "unknown");
  });
  parts_.publish("/topic/x", "1");
  parts_.on_loop([&] { parts_.broker.remove_session(*b); });
  parts_.publish("/topic/x", "2");
  EXPECT_THAT(parts_.sink.heard["a"], IsEmpty());
  EXPECT_THAT(parts_.sink.heard["b"], ElementsAre("1 /topic/x 1"));
}

// BR-17: the subscriber's destination may be a pattern.
TEST_F(SimpleBrokerTest, matches_patterns) {
  auto a = parts_.session("a");
  parts_.subscribe(*a, "1", "/topic/*/x");
  parts_.subscribe(*a, "2", "/topic/**");
  parts_.publish("/topic/7/x", "hi");
  EXPECT_THAT(parts_.sink.heard["a"],
              ::testing::UnorderedElementsAre("1 /topic/7/x hi", "2 /topic/7/x hi"));
}

// BR-31, BR-34: what only the server may say, and credentials, do not travel on.
TEST_F(SimpleBrokerTest, passes_a_clients_headers_on_except_those_that_are_not_its_to_say) {
  struct Sink final : DeliverySink {
    void deliver(const Message& message, std::span<Subscription* const>) override {
      seen = message;
    }
    Message seen;
  } sink;
  SimpleBroker broker{parts_.runtime, {}, sink};
  auto a = parts_.session("a");
  parts_.on_loop([&] {
    broker.subscribe(*a, "1", "/topic/x");
    Message message;
    message.destination = "/topic/x";
    message.session = a;
    for (const auto* name : {"own", "message-id", "subscription", "Authorization", "receipt"}) {
      message.native.add(name, "client");
    }
    broker.publish(message);
  });
  EXPECT_EQ(sink.seen.native.first("own"), "client");
  EXPECT_NE(sink.seen.native.first("message-id"), "client");
  for (const auto* name : {"subscription", "Authorization", "receipt"}) {
    EXPECT_FALSE(sink.seen.native.first(name)) << name;
  }
}

// CH-14.
TEST_F(SimpleBrokerTest, ends_the_subscriptions_of_some_to_one_destination) {
  auto a = parts_.session("a", "alice");
  auto b = parts_.session("b", "bob");
  for (auto* session : {a.get(), b.get()}) {
    parts_.subscribe(*session, "1", "/topic/x");
    parts_.subscribe(*session, "2", "/topic/y");
  }
  parts_.broker.end_subscriptions(
      "/topic/x", [](const ClientSession& session) { return session.user()->name == "bob"; });
  parts_.publish("/topic/x", "x");
  parts_.publish("/topic/y", "y");
  EXPECT_THAT(parts_.sink.heard["a"], ElementsAre("1 /topic/x x", "2 /topic/y y"));
  EXPECT_THAT(parts_.sink.heard["b"], ElementsAre("2 /topic/y y"));
}

// CH-30.
TEST_F(SimpleBrokerTest, leaves_out_sessions_that_listen_elsewhere) {
  auto a = parts_.session("a");
  auto b = parts_.session("b");
  parts_.subscribe(*a, "1", "/queue/list");
  parts_.subscribe(*b, "1", "/queue/list");
  parts_.subscribe(*b, "2", "/sub/room");
  Message message;
  message.destination = "/queue/list";
  message.unless_subscribed = {"/sub/other", "/sub/room"};
  parts_.on_loop([&] { parts_.broker.publish(message); });
  EXPECT_THAT(parts_.sink.heard["a"], ElementsAre("1 /queue/list "));
  EXPECT_THAT(parts_.sink.heard["b"], IsEmpty());
}

}  // namespace
}  // namespace ondol::messaging
