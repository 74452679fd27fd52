#include <ondol/stomp/encoder.hpp>

#include <gtest/gtest.h>

#include <ondol/stomp/heartbeat.hpp>
#include <ondol/stomp/version.hpp>

namespace ondol::stomp {
namespace {

using std::chrono::milliseconds;

TEST(Encoder, puts_the_length_last_on_frames_with_a_body_only) {  // ST-40 to ST-42, GV-3, GV-13
  Frame message{Command::message, {}, "hi", ""};
  message.headers.add("content-length", "77");
  message.headers.add("destination", "/sub/chat/1");
  EXPECT_EQ(encode(message),
            std::string{"MESSAGE\n"} + "destination:/sub/chat/1\ncontent-length:2\n\nhi" + '\0');

  Frame receipt{Command::receipt, {}, "", ""};
  receipt.headers.add("receipt-id", "77");
  EXPECT_EQ(encode(receipt), std::string{"RECEIPT\nreceipt-id:77\n\n"} + '\0');
}

TEST(Encoder, escapes_all_but_connect_frames) {  // ST-43, EH-11, GV-6
  Frame error{Command::error, {}, "", ""};
  error.headers.add("message", "Unknown session: 5F\r\n\\");
  EXPECT_EQ(encode(error),
            std::string{"ERROR\nmessage:Unknown session\\c 5F\\r\\n\\\\\ncontent-length:0\n\n"} + '\0');
}

TEST(Encoder, a_user_name_cannot_begin_a_header) {  // ST-44
  Frame connected{Command::connected, {}, "", ""};
  connected.headers.add("user-name", "joe\nadmin:true");
  EXPECT_EQ(encode(connected), std::string{"CONNECTED\nuser-name:joeadmin:true\n\n"} + '\0');
}

TEST(Encoder, octets_go_as_binary) {  // ST-49, ST-50
  Frame frame{Command::message, {}, "x", ""};
  EXPECT_FALSE(goes_as_binary(frame));
  frame.body = "\xff";
  EXPECT_TRUE(goes_as_binary(frame));
  frame.body = "x";
  frame.headers.add("content-type", "application/octet-stream");
  EXPECT_TRUE(goes_as_binary(frame));
  frame.body = "";
  EXPECT_FALSE(goes_as_binary(frame));
}

TEST(Version, is_the_highest_common_one) {  // SE-8 to SE-10, ST-38
  EXPECT_EQ(choose_version("1.0,1.2,1.1"), "1.2");
  EXPECT_EQ(choose_version("1.1, 1.0"), "1.1");
  EXPECT_EQ(choose_version(std::nullopt), "1.0");
  EXPECT_EQ(choose_version("9.9"), std::nullopt);
}

TEST(HeartBeat, is_the_larger_of_both_or_none) {  // SE-20
  const auto agreed = negotiate({milliseconds{5}, milliseconds{20}}, {milliseconds{10}, milliseconds{10}});
  EXPECT_EQ(agreed.outgoing, milliseconds{20});
  EXPECT_EQ(agreed.incoming, milliseconds{10});
  EXPECT_EQ(negotiate({milliseconds{0}, milliseconds{5}}, {milliseconds{0}, milliseconds{9}}).outgoing.count(), 0);
  EXPECT_EQ(parse_heart_beat("-5,7")->outgoing.count(), 0);
  EXPECT_FALSE(parse_heart_beat("a,b"));
}

}  // namespace
}  // namespace ondol::stomp
