#include <ondol/gateway/stomp_session.hpp>

#include <algorithm>
#include <stdexcept>
#include <string>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <ondol/gateway/gateway_test_support.hpp>

namespace ondol::gateway {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::StartsWith;
using Texts = std::vector<std::string>;

constexpr const char* kConnect = "CONNECT\naccept-version:1.2\n\n@";
constexpr const char* kConnected = "CONNECTED\nversion:1.2\nheart-beat:0,0\n\n@";

class StompSessionTest : public ::testing::Test {
 protected:
  Gateway::Client& connected(const std::string& id = "s1") {
    auto& client = gateway_.client(id);
    EXPECT_THAT(gateway_.say(client, {kConnect}), ElementsAre(kConnected));
    return client;
  }

  // The session ended with this ERROR and close 1002 (CC-2).
  void expect_error(Gateway::Client& client, const Texts& messages, const std::string& text) {
    const auto sent = gateway_.say(client, messages);
    ASSERT_THAT(sent, ElementsAre(StartsWith("ERROR\nmessage:")));
    EXPECT_THAT(sent[0], HasSubstr(text));
    ASSERT_TRUE(client.transport.closed);
    EXPECT_EQ(client.transport.closed->code, websocket::kProtocolError);
  }
  // Nothing is sent and the connection stays open.
  void expect_silence(const Texts& messages) {
    auto& client = connected();
    EXPECT_THAT(gateway_.say(client, messages), IsEmpty());
    EXPECT_FALSE(client.transport.closed);
    EXPECT_THAT(gateway_.say(client, {"SUBSCRIBE\nid:live\ndestination:/topic/live\n\n@",
                                      "SEND\ndestination:/topic/live\n\nx@"}),
                ElementsAre(HasSubstr("subscription:live")));
  }

  Gateway gateway_;
};

// SE-1, SE-7 to SE-11, SE-72.
TEST_F(StompSessionTest, answers_connect_and_stomp_alike) {
  EXPECT_THAT(gateway_.say(gateway_.client(), {"STOMP\naccept-version:1.0,1.1\n\n@"}),
              ElementsAre("CONNECTED\nversion:1.1\nheart-beat:0,0\n\n@"));
  EXPECT_THAT(gateway_.say(gateway_.client(), {"CONNECT\n\n@"}),
              ElementsAre("CONNECTED\nversion:1.0\nheart-beat:0,0\n\n@"));
  auto& none = gateway_.client();
  const auto sent = gateway_.say(none, {"CONNECT\naccept-version:2.0\n\n@"});
  ASSERT_THAT(sent, ElementsAre(StartsWith("ERROR\n")));
  EXPECT_THAT(sent[0], HasSubstr("version:1.0,1.1,1.2"));
  EXPECT_EQ(none.transport.closed->code, websocket::kProtocolError);
}

// SE-14, SE-50.
TEST_F(StompSessionTest, refuses_a_second_connect) {
  expect_error(connected(), {kConnect}, "message:Session already exists");
}

// SE-15, SE-51.
TEST_F(StompSessionTest, refuses_frames_before_connect_but_no_heart_beats) {
  auto& client = gateway_.client("abc");
  EXPECT_THAT(gateway_.say(client, {"\n"}), IsEmpty());
  expect_error(client, {"SEND\ndestination:/topic/a\n\n@"}, "message:Unknown session\\c abc");
}

// SE-52, SE-53.
TEST_F(StompSessionTest, ends_with_an_error_when_a_frame_is_malformed) {
  for (const auto* frame : {"HELLO\n\n@", "SEND\nno colon\n\n@", "SEND\na:\\x\n\n@",
                            "SEND\ra:b\n\n@", "SUBSCRIBE\nid:1\n\nbody@",
                            "SEND\ncontent-type:none\n\n@", "SEND\ncontent-length:2\n\nabc@"}) {
    expect_error(connected(), {frame}, "message:");
  }
}

// SE-54 to SE-63, SE-74, SE-75.
TEST_F(StompSessionTest, passes_over_in_silence_what_leads_nowhere) {
  expect_silence({"SUBSCRIBE\ndestination:/topic/a\n\n@"});
  expect_silence({"SUBSCRIBE\nid:1\n\n@"});
  expect_silence({"UNSUBSCRIBE\nid:9\n\n@"});
  expect_silence({"UNSUBSCRIBE\n\n@"});
  expect_silence({"SEND\n\nx@"});
  expect_silence({"SEND\ndestination:/elsewhere/x\n\nx@"});
  expect_silence({"SEND\ndestination:/pub/nobody\n\nx@"});
  expect_silence({"SUBSCRIBE\nid:1\ndestination:/pub/nobody\n\n@"});
  expect_silence({"ACK\nid:1\n\n@", "NACK\nid:1\n\n@", "BEGIN\ntransaction:1\n\n@",
                  "COMMIT\ntransaction:1\n\n@", "ABORT\ntransaction:1\n\n@"});
  expect_silence({"SEND\ndestination:/user/queue/x\n\nx@"});
}

// SE-56, BR-11.
TEST_F(StompSessionTest, keeps_the_first_of_two_subscriptions_with_one_id) {
  auto& client = connected();
  EXPECT_THAT(gateway_.say(
                  client, {"SUBSCRIBE\nid:1\ndestination:/topic/a\n\n@",
                           "SUBSCRIBE\nid:1\ndestination:/topic/b\n\n@",
                           "SEND\ndestination:/topic/b\n\nb@", "SEND\ndestination:/topic/a\n\na@"}),
              ElementsAre(HasSubstr("\n\na@")));
}

// SE-65, SE-66 [D].
TEST_F(StompSessionTest, refuses_frames_that_only_a_server_sends) {
  for (const auto* frame : {"MESSAGE\ndestination:/topic/a\n\n@", "CONNECTED\n\n@",
                            "RECEIPT\nreceipt-id:1\n\n@", "ERROR\n\n@"}) {
    expect_error(connected(), {frame}, "may not send");
  }
}

class Swallowing final : public messaging::ChannelInterceptor {
 public:
  bool before_send(messaging::Message& message) override {
    if (message.destination == "/topic/throw") throw std::runtime_error{"no"};
    return message.destination != "/topic/swallow";
  }
};

// SE-67, SE-68.
TEST_F(StompSessionTest, tells_what_an_interceptor_throws_and_nothing_of_what_it_swallows) {
  Swallowing interceptor;
  gateway_.inbound.intercept(interceptor);
  expect_silence({"SEND\ndestination:/topic/swallow\n\nx@"});
  expect_error(connected(), {"SEND\ndestination:/topic/throw\n\nx@"}, "message:");
}

// SE-16 [D], ST-7: what follows a failure in one message is not looked at.
TEST_F(StompSessionTest, drops_what_follows_an_error) {
  auto& client = connected();
  auto& other = connected("s2");
  gateway_.say(other, {"SUBSCRIBE\nid:o\ndestination:/topic/a\n\n@"});
  expect_error(client,
               {std::string{kConnect} + "SEND\ndestination:/topic/a\n\nlate@",
                "SEND\ndestination:/topic/a\n\nlater@"},
               "message:Session already exists");
  EXPECT_THAT(gateway_.heard(other), IsEmpty());
}

// SE-30, SE-37 [D].
TEST_F(StompSessionTest, answers_disconnect_and_hears_nothing_more) {
  auto& client = connected();
  auto& other = connected("s2");
  gateway_.say(other, {"SUBSCRIBE\nid:o\ndestination:/topic/a\n\n@"});
  EXPECT_THAT(
      gateway_.say(client, {"SUBSCRIBE\nid:1\ndestination:/topic/a\n\n@",
                            "DISCONNECT\nreceipt:77\n\n@", "SEND\ndestination:/topic/a\n\nlate@"}),
      ElementsAre("RECEIPT\nreceipt-id:77\n\n@"));
  EXPECT_FALSE(client.transport.closed);
  EXPECT_THAT(gateway_.heard(other), IsEmpty());
  gateway_.say(other, {"SEND\ndestination:/topic/a\n\nx@"});
  EXPECT_THAT(gateway_.heard(client), IsEmpty());
}

// SE-32.
TEST_F(StompSessionTest, ends_with_an_error_after_disconnect_without_receipt) {
  expect_error(connected(), {"DISCONNECT\n\n@"}, "message:Session closed.");
}

// SE-33, SE-64.
TEST_F(StompSessionTest, gives_no_receipts_unless_asked_to_in_the_settings) {
  expect_silence({"SEND\ndestination:/topic/a\nreceipt:1\n\nx@"});
}

// ST-8, CC-14.
TEST_F(StompSessionTest, is_deaf_after_the_transport_has_gone) {
  auto& client = connected();
  gateway_.say(client, {"SUBSCRIBE\nid:1\ndestination:/topic/a\n\n@"});
  gateway_.on_loop([&] { client.session->transport_closed(); });
  EXPECT_THAT(gateway_.say(client, {"SEND\ndestination:/topic/a\n\nx@"}), IsEmpty());
  EXPECT_TRUE(client.session->subscriptions().empty());
}

// SE-34: after it took effect; a frame that took none gets none.
TEST(StompReceipts, say_that_a_frame_took_effect) {
  StompSettings settings;
  settings.receipts = true;
  Gateway gateway{settings};
  auto& client = gateway.client();
  gateway.say(client, {kConnect});
  EXPECT_THAT(gateway.say(client, {"SUBSCRIBE\nid:1\ndestination:/topic/a\nreceipt:r1\n\n@",
                                   "SUBSCRIBE\nid:1\ndestination:/topic/a\nreceipt:r2\n\n@",
                                   "SEND\ndestination:/topic/a\nreceipt:r3\n\nx@",
                                   "UNSUBSCRIBE\nid:1\nreceipt:r4\n\n@"}),
              ElementsAre("RECEIPT\nreceipt-id:r1\n\n@", StartsWith("MESSAGE\n"),
                          "RECEIPT\nreceipt-id:r3\n\n@", "RECEIPT\nreceipt-id:r4\n\n@"));
}

// LM-1, ST-2: 100,000 subscriptions of one session are held, found and removed.
TEST_F(StompSessionTest, holds_a_hundred_thousand_subscriptions) {
  auto& client = connected();
  gateway_.on_loop([&] {
    for (int i = 0; i < 100'000; ++i) {
      const auto n = std::to_string(i);
      std::string frame = "SUBSCRIBE\nid:" + n + "\ndestination:/topic/" + n + "\n\n";
      frame.push_back('\0');
      client.session->message(frame);
    }
  });
  EXPECT_EQ(client.session->subscriptions().size(), 100'000U);
  EXPECT_THAT(gateway_.say(client, {"SEND\ndestination:/topic/99999\n\nx@"}),
              ElementsAre(HasSubstr("subscription:99999")));
  gateway_.on_loop([&] { client.session->transport_closed(); });
  EXPECT_TRUE(client.session->subscriptions().empty());
}

// One more than the limit ends the session; the same id again is none more.
TEST(StompSubscriptions, have_a_limit) {
  StompSettings settings;
  settings.max_subscriptions = 2;
  Gateway gateway{settings};
  auto& client = gateway.client();
  gateway.say(client, {kConnect});
  EXPECT_THAT(gateway.say(client, {"SUBSCRIBE\nid:1\ndestination:/topic/a\n\n@",
                                   "SUBSCRIBE\nid:2\ndestination:/topic/b\n\n@",
                                   "UNSUBSCRIBE\nid:1\n\n@",
                                   "SUBSCRIBE\nid:3\ndestination:/topic/c\n\n@"}),
              IsEmpty());
  EXPECT_FALSE(client.transport.closed);
  EXPECT_THAT(gateway.say(client, {"SUBSCRIBE\nid:4\ndestination:/topic/d\n\n@"}),
              ElementsAre(HasSubstr("The subscription limit of 2 is exceeded")));
  ASSERT_TRUE(client.transport.closed);
  EXPECT_EQ(client.transport.closed->code, websocket::kProtocolError);
}

// Frames cut at every octet give what whole ones give.
TEST_F(StompSessionTest, does_not_mind_where_frames_are_cut) {
  std::string all = std::string{kConnect} + "SUBSCRIBE\nid:1\ndestination:/topic/a\n\n@" +
                    "SEND\ndestination:/topic/a\ncontent-length:3\n\na@b@";
  for (std::size_t cut = 1; cut < all.size(); ++cut) {
    auto& client = gateway_.client();
    EXPECT_THAT(gateway_.say(client, {all.substr(0, cut), all.substr(cut)}),
                ElementsAre(kConnected, HasSubstr("\n\na@b@")))
        << cut;
    gateway_.on_loop([&] { client.session->transport_closed(); });
  }
}

}  // namespace
}  // namespace ondol::gateway
