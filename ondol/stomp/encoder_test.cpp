#include <ondol/stomp/encoder.hpp>

#include <gtest/gtest.h>

#include <ondol/stomp/test_support.hpp>

namespace ondol::stomp {
namespace {

Frame frame(Command command, std::initializer_list<Headers::Entry> headers, std::string body = {}) {
  Frame made{.command = command, .body = std::move(body)};
  for (const auto& [name, value] : headers) made.headers.add(name, value);
  return made;
}

TEST(Encoder, writes_command_headers_body_and_nothing_behind_the_nul) {  // ST-40, GV-13
  EXPECT_EQ(encode(frame(Command::message,
                         {{"destination", "/sub/chat/1"},
                          {"content-type", "text/plain;charset=UTF-8"},
                          {"subscription", "s1"},
                          {"message-id", "5F-0"}},
                         "hi")),
            octets("MESSAGE\ndestination:/sub/chat/1\ncontent-type:text/plain;charset=UTF-8\n"
                   "subscription:s1\nmessage-id:5F-0\ncontent-length:2\n\nhi^@"));
}

TEST(Encoder, writes_connected_as_in_the_contract) {  // GV-1, GV-2, ST-42
  EXPECT_EQ(
      encode(frame(Command::connected,
                   {{"version", "1.2"}, {"heart-beat", "10000,10000"}, {"user-name", "joe"}})),
      octets("CONNECTED\nversion:1.2\nheart-beat:10000,10000\nuser-name:joe\n\n^@"));
  EXPECT_EQ(encode(frame(Command::connected, {{"version", "1.1"}, {"heart-beat", "0,0"}})),
            octets("CONNECTED\nversion:1.1\nheart-beat:0,0\n\n^@"));
}

TEST(Encoder, gives_other_frames_no_length) {  // ST-42, GV-3
  EXPECT_EQ(encode(frame(Command::receipt, {{"receipt-id", "77"}})),
            octets("RECEIPT\nreceipt-id:77\n\n^@"));
  EXPECT_EQ(encode(frame(Command::subscribe, {{"content-length", "0"}})),
            octets("SUBSCRIBE\ncontent-length:0\n\n^@"));
}

TEST(Encoder, gives_frames_with_a_body_their_length_last) {  // ST-41
  EXPECT_EQ(encode(frame(Command::send, {{"content-length", "77"}, {"a", "b"}}, "한")),
            octets("SEND\na:b\ncontent-length:3\n\n한^@"));
}

TEST(Encoder, gives_an_empty_body_the_length_0) {  // ST-41, GV-5
  EXPECT_EQ(encode(frame(Command::error, {{"message", "Session closed."}})),
            octets("ERROR\nmessage:Session closed.\ncontent-length:0\n\n^@"));
}

TEST(Encoder, counts_octets_not_characters) {  // ST-41, GV-9, GV-10
  EXPECT_EQ(encode(frame(Command::error, {{"message", "UNAUTHORIZED"}, {"receipt-id", "r1"}},
                         "만료된 JWT 토큰입니다.")),
            octets("ERROR\nmessage:UNAUTHORIZED\nreceipt-id:r1\ncontent-length:30\n\n"
                   "만료된 JWT 토큰입니다.^@"));
  EXPECT_EQ(encode(frame(Command::error, {{"message", "4011"}, {"receipt-id", "r1"}},
                         "{\"reason\":\"만료된 JWT 토큰입니다.\"}")),
            octets("ERROR\nmessage:4011\nreceipt-id:r1\ncontent-length:43\n\n"
                   "{\"reason\":\"만료된 JWT 토큰입니다.\"}^@"));
}

TEST(Encoder, escapes_names_and_values) {  // ST-43, GV-6
  EXPECT_EQ(encode(frame(Command::error, {{"message", "Unknown session: 5F"}})),
            octets("ERROR\nmessage:Unknown session\\c 5F\ncontent-length:0\n\n^@"));
  EXPECT_EQ(encode(frame(Command::receipt, {{"a:\r", "\n\\"}})),
            octets("RECEIPT\na\\c\\r:\\n\\\\\n\n^@"));
}

TEST(Encoder, escapes_nothing_in_the_frames_of_connecting) {  // ST-43, ST-24
  for (const auto command : {Command::connect, Command::stomp, Command::connected}) {
    EXPECT_EQ(encode(frame(command, {{"a", "b:c\\d"}})),
              std::string{to_text(command)} + octets("\na:b:c\\d\n\n^@"));
  }
}

TEST(Encoder, lets_no_user_name_begin_a_header) {  // ST-44
  EXPECT_EQ(encode(frame(Command::connected, {{"user-name", octets("joe\r\nadmin:^@true")}})),
            octets("CONNECTED\nuser-name:joeadmin:true\n\n^@"));
}

TEST(Encoder, puts_the_passcode_back) {  // ST-35
  auto connect = frame(Command::connect, {{"login", "joe"}, {"passcode", "PROTECTED"}});
  connect.passcode = "a:b";
  EXPECT_EQ(encode(connect), octets("CONNECT\nlogin:joe\npasscode:a:b\n\n^@"));
  connect.command = Command::message;
  EXPECT_EQ(encode(connect),
            octets("MESSAGE\nlogin:joe\npasscode:PROTECTED\ncontent-length:0\n\n^@"));
}

TEST(Encoder, writes_a_heart_beat_as_a_line_feed) {  // ST-45, GV-4
  EXPECT_EQ(kHeartBeat, "\n");
}

TEST(Encoder, writes_empty_and_repeated_values) {  // ST-46, ST-47, ST-21
  EXPECT_EQ(encode(frame(Command::receipt, {{"a", ""}, {"b", "1"}, {"a", "2"}})),
            octets("RECEIPT\na:\nb:1\na:2\n\n^@"));
}

TEST(Encoder, leaves_out_a_body_where_none_may_be) {  // ST-30
  EXPECT_EQ(encode(frame(Command::receipt, {}, "x")), octets("RECEIPT\n\n^@"));
}

TEST(Encoder, appends_one_frame_to_what_is_there) {  // ST-48
  std::string out = "x";
  append_frame(out, frame(Command::receipt, {}));
  EXPECT_EQ(out, octets("xRECEIPT\n\n^@"));
}

TEST(Encoder, writes_what_the_decoder_reads) {  // ST-23: escapes belong to no version
  const auto sent = frame(Command::send, {{"a:b", "c\nd\r\\"}, {"e", ""}}, octets("x^@y"));
  auto read = frame_of(encode(sent));
  read.headers.remove("content-length");
  EXPECT_EQ(read, sent);
}

TEST(GoesAsBinary, octet_streams_with_a_body_do) {  // ST-49
  EXPECT_TRUE(
      goes_as_binary(frame(Command::message, {{"content-type", "application/octet-stream"}}, "x")));
  EXPECT_TRUE(goes_as_binary(frame(Command::message, {{"content-type", "*/*"}}, "x")));
  EXPECT_FALSE(
      goes_as_binary(frame(Command::message, {{"content-type", "application/octet-stream"}})));
}

TEST(GoesAsBinary, text_does_not) {  // ST-49
  EXPECT_FALSE(goes_as_binary(frame(Command::message, {}, "한")));
  EXPECT_FALSE(
      goes_as_binary(frame(Command::message, {{"content-type", "application/json"}}, "{}")));
}

TEST(GoesAsBinary, what_is_no_utf8_does) {  // ST-50
  EXPECT_TRUE(goes_as_binary(frame(Command::message, {{"content-type", "text/plain"}}, "\xFF")));
  EXPECT_TRUE(goes_as_binary(frame(Command::message, {{"a", "\xFF"}}, "x")));
  EXPECT_TRUE(goes_as_binary(frame(Command::receipt, {{"\xC3", "x"}})));
}

}  // namespace
}  // namespace ondol::stomp
