#include <ondol/stomp/decoder.hpp>

#include <gtest/gtest.h>

#include <ondol/stomp/encoder.hpp>

namespace ondol::stomp {
namespace {

std::string octets(std::string_view text) {
  std::string out{text};
  for (auto at = out.find("^@"); at != std::string::npos; at = out.find("^@")) out.replace(at, 2, 1, '\0');
  return out;
}

std::vector<Frame> frames_of(std::string_view text) {
  Decoder decoder{{}};
  auto decoded = decoder.feed(octets(text));
  if (!decoded) {
    ADD_FAILURE() << decoded.error().text;
    return {};
  }
  return decoded->frames;
}

std::string error_of(std::string_view text) {
  Decoder decoder{{}};
  auto decoded = decoder.feed(octets(text));
  return decoded ? "no error" : decoded.error().text;
}

TEST(Decoder, reads_command_headers_and_body) {  // ST-1
  const auto frames = frames_of("SEND\ndestination:/a\nx:1\n\nhello^@");
  ASSERT_EQ(frames.size(), 1U);
  EXPECT_EQ(frames[0].command, Command::send);
  EXPECT_EQ(frames[0].headers.first("destination"), "/a");
  EXPECT_EQ(frames[0].body, "hello");
}

TEST(Decoder, keeps_half_a_frame_until_the_rest_arrives_wherever_it_was_cut) {  // ST-1, ST-12
  const auto text = octets("\r\nSEND\r\ndestination:/a\\cb\r\ncontent-length:3\r\n\r\na^@b^@\n\nSUBSCRIBE\nid:한\n\n^@");
  for (std::size_t cut = 1; cut < text.size(); ++cut) {
    Decoder decoder{{}};
    auto first = decoder.feed(text.substr(0, cut));
    ASSERT_TRUE(first) << cut << first.error().text;
    auto second = decoder.feed(text.substr(cut));
    ASSERT_TRUE(second) << cut << second.error().text;
    auto frames = first->frames;
    frames.insert(frames.end(), second->frames.begin(), second->frames.end());
    ASSERT_EQ(frames.size(), 2U) << cut;
    EXPECT_EQ(frames[0].headers.first("destination"), "/a:b");
    EXPECT_EQ(frames[0].body, octets("a^@b"));
    EXPECT_EQ(frames[1].headers.first("id"), "한");
  }
}

TEST(Decoder, takes_exactly_the_limit_and_no_octet_more) {  // ST-2, ST-3
  Decoder decoder{{.message_size = 32}};
  EXPECT_TRUE(decoder.feed(std::string(32, '\n')));
  const auto refused = decoder.feed(std::string(33, '\n'));
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().text, "The configured STOMP buffer size limit of 32 bytes has been exceeded");
}

TEST(Decoder, counts_the_whole_half_frame_against_the_limit) {  // LM-1
  Decoder decoder{{.message_size = 32}};
  ASSERT_TRUE(decoder.feed("SEND\ndestination:/a\n\n"));
  ASSERT_TRUE(decoder.feed("1234567"));
  EXPECT_FALSE(decoder.feed("123456"));
}

TEST(Decoder, refuses_a_content_length_above_the_limit_at_once) {  // ST-5
  EXPECT_NE(error_of("SEND\ncontent-length:70000\n\nx").find("70000"), std::string::npos);
}

TEST(Decoder, ends_of_lines_alone_are_one_heartbeat) {  // ST-13 to ST-15
  Decoder decoder{{}};
  EXPECT_TRUE(decoder.feed("\n\r\n\n")->heartbeat);
  EXPECT_FALSE(decoder.feed(octets("\nSEND\n\n^@\n"))->heartbeat);
}

TEST(Decoder, a_lone_cr_is_an_error) {  // ST-11
  EXPECT_EQ(error_of("SEND\na:\rb\n\n^@"), "'\\r' must be followed by '\\n'");
}

TEST(Decoder, unknown_commands_are_errors) {  // ST-16, ST-17
  EXPECT_NE(error_of("send\n\n^@"), "no error");
  EXPECT_NE(error_of("SEND\n\n^@^@SEND\n\n^@"), "no error");
  EXPECT_NE(error_of("^@"), "no error");
}

TEST(Decoder, a_header_needs_a_name_and_a_colon) {  // ST-18, ST-19
  EXPECT_EQ(error_of("SEND\nfoo\n\n^@"), "Illegal header: 'foo'. A header must be of the form <name>:[<value>].");
  EXPECT_EQ(error_of("SEND\n:v\n\n^@"), "Illegal header: ':v'. A header must be of the form <name>:[<value>].");
  const auto frames = frames_of("SEND\n k : v:w \ne:\n\n^@");
  EXPECT_EQ(frames[0].headers.first(" k "), " v:w ");
  EXPECT_EQ(frames[0].headers.first("e"), "");
}

TEST(Decoder, keeps_repeated_headers_and_looks_up_the_first) {  // ST-21
  const auto frames = frames_of("SEND\na:1\na:2\n\n^@");
  EXPECT_EQ(frames[0].headers.first("a"), "1");
  EXPECT_EQ(frames[0].headers.size(), 2U);
}

TEST(Decoder, unescapes_all_four_and_refuses_others) {  // ST-22, GV-19
  const auto frames = frames_of("SEND\ndestination:/a\na\\cb:c\\nd\\r\\\\\n\n^@");
  EXPECT_EQ(frames[0].headers.first("a:b"), "c\nd\r\\");
  EXPECT_NE(error_of("SEND\na:\\t\n\n^@"), "no error");
  EXPECT_NE(error_of("SEND\na:b\\\n\n^@"), "no error");
}

TEST(Decoder, a_backslash_in_connect_is_a_backslash_and_the_passcode_is_hidden) {  // ST-24, ST-35, GV-20
  const auto frames = frames_of("CONNECT\npasscode:a\\cb\n\n^@");
  EXPECT_EQ(frames[0].passcode, "a\\cb");
  EXPECT_EQ(frames[0].headers.first("passcode"), "PROTECTED");
}

TEST(Decoder, content_length_must_end_at_a_nul) {  // ST-26
  EXPECT_EQ(error_of("SEND\ncontent-length:1\n\nab^@"), "Frame must be terminated with a null octet");
}

TEST(Decoder, a_content_length_that_is_none_is_ignored) {  // ST-27, ST-28
  for (const char* length : {"-1", "abc", " 2", "99999999999"}) {
    const auto frames = frames_of("SEND\ncontent-length:" + std::string{length} + "\n\nabc^@");
    ASSERT_EQ(frames.size(), 1U) << length;
    EXPECT_EQ(frames[0].body, "abc");
    EXPECT_EQ(frames[0].headers.first("content-length"), length);
  }
}

TEST(Decoder, only_some_frames_have_a_body) {  // ST-30
  EXPECT_EQ(error_of("SUBSCRIBE\nid:1\n\nx^@"), "SUBSCRIBE shouldn't have a payload: length=1");
}

TEST(Decoder, content_type_must_be_one) {  // ST-31
  for (const char* bad : {"foo", "text/", "text/plain;charset=nope", "text/plain;x"}) {
    EXPECT_NE(error_of("SEND\ncontent-type:" + std::string{bad} + "\n\n^@"), "no error") << bad;
  }
  for (const char* good : {"text/plain", "application/json;charset=UTF-8", "text/x-a; q=\"b c\"", "*/*"}) {
    EXPECT_EQ(frames_of("SEND\ncontent-type:" + std::string{good} + "\n\n^@").size(), 1U) << good;
  }
}

TEST(Decoder, limits_number_and_length_of_headers) {  // ST-33
  std::string many = "SEND\n";
  for (int i = 0; i < 256; ++i) many += "a:\n";
  EXPECT_EQ(frames_of(many + "\n^@").size(), 1U);
  EXPECT_NE(error_of(many + "a:\n\n^@"), "no error");
  EXPECT_NE(error_of("SEND\na:" + std::string(16'384, 'x')), "no error");
}

TEST(Decoder, heart_beat_is_judged_on_every_frame) {  // ST-36
  EXPECT_NE(error_of("SEND\nheart-beat:1,2,3\n\n^@"), "no error");
  EXPECT_EQ(frames_of("SEND\nheart-beat:10\n\n^@").size(), 1U);
  EXPECT_EQ(frames_of("SEND\nheart-beat:0, 0\n\n^@").size(), 1U);
}

TEST(Decoder, discards_what_came_with_a_malformed_frame) {  // ST-7
  Decoder decoder{{}};
  EXPECT_FALSE(decoder.feed(octets("SEND\n\n^@nonsense\n\n^@")));
}

}  // namespace
}  // namespace ondol::stomp
