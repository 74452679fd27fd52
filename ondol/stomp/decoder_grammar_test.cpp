#include <string>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <ondol/stomp/decoder.hpp>
#include <ondol/stomp/test_support.hpp>

namespace ondol::stomp {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::Not;
using testing::Pair;

constexpr auto kLoneCr = "'\\r' must be followed by '\\n'";

TEST(DecoderGrammar, ends_lines_with_lf_or_cr_lf) {  // ST-10
  EXPECT_EQ(frame_of("SEND\r\na:b\r\n\r\nx\r\n^@"), frame_of("SEND\na:b\n\nx\r\n^@"));
  EXPECT_EQ(frame_of("SEND\na:b\r\n\nx^@"), frame_of("SEND\r\na:b\n\r\nx^@"));
}

TEST(DecoderGrammar, refuses_a_lone_cr) {  // ST-11
  EXPECT_EQ(error_of("SEND\rx"), kLoneCr);
  EXPECT_EQ(error_of("SEND\na:\rb\n\n^@"), kLoneCr);
  EXPECT_EQ(error_of("SEND\na:b\n\r^@"), kLoneCr);
  EXPECT_EQ(error_of("SEND\na:b\r\r\n\n^@"), kLoneCr);
  EXPECT_EQ(error_of("\n\rSEND\n\n^@"), kLoneCr);
}

TEST(DecoderGrammar, waits_behind_a_cr_for_the_next_octet) {  // ST-12
  for (const auto* text : {"SEND\r", "SEND\na:b\r", "SEND\na:b\r\n\r", "\r"}) {
    Decoder decoder{Limits{}};
    ASSERT_TRUE(decoder.feed(text)) << text;
    EXPECT_EQ(decoder.feed("x").error().text, kLoneCr) << text;
  }
}

TEST(DecoderGrammar, skips_ends_of_lines_around_frames) {  // ST-13
  EXPECT_EQ(frames_of("\n\r\n\nSEND\n\n^@\r\n\n\nSEND\n\n^@\n").size(), 2U);
}

TEST(DecoderGrammar, refuses_commands_that_are_none) {  // ST-16
  EXPECT_EQ(error_of("HELLO\nx:y\n\n^@"), "Unknown STOMP command: HELLO");
  EXPECT_EQ(error_of("send\n\n^@"), "Unknown STOMP command: send");
  EXPECT_EQ(error_of(" SEND\n\n^@"), "Unknown STOMP command:  SEND");
}

TEST(DecoderGrammar, judges_a_command_when_one_more_octet_is_there) {  // ST-16
  Decoder decoder{Limits{}};
  ASSERT_TRUE(decoder.feed("HELLO"));
  ASSERT_TRUE(decoder.feed("\r"));
  ASSERT_TRUE(decoder.feed("\n"));
  EXPECT_FALSE(decoder.feed("x"));
}

TEST(DecoderGrammar, takes_a_stray_nul_for_the_beginning_of_a_command) {  // ST-17
  EXPECT_EQ(error_of("SEND\n\n^@^@\nSEND\n\n^@"), "Unknown STOMP command: \xEF\xBF\xBD");
  EXPECT_THAT(error_of("^@SEND\n\n^@"), HasSubstr("Unknown STOMP command"));
}

TEST(DecoderGrammar, splits_a_header_at_the_first_colon) {  // ST-18
  EXPECT_THAT(frame_of("SEND\na:b:c\n\n^@").headers, ElementsAre(Pair("a", "b:c")));
}

TEST(DecoderGrammar, refuses_a_header_without_name_or_colon) {  // ST-18
  EXPECT_EQ(error_of("SEND\nfoo\n\n^@"),
            "Illegal header: 'foo'. A header must be of the form <name>:[<value>].");
  EXPECT_EQ(error_of("SEND\n:v\n\n^@"),
            "Illegal header: ':v'. A header must be of the form <name>:[<value>].");
  EXPECT_EQ(error_of("SEND\nx:first\n folded\n\n^@"),
            "Illegal header: ' folded'. A header must be of the form <name>:[<value>].");
}

TEST(DecoderGrammar, trims_nothing_and_tells_case) {  // ST-19
  EXPECT_THAT(frame_of("SEND\n k : v:w \nK:upper\nk:\n\n^@").headers,
              ElementsAre(Pair(" k ", " v:w "), Pair("K", "upper"), Pair("k", "")));
}

TEST(DecoderGrammar, replaces_what_is_no_utf8_in_headers) {  // ST-20
  EXPECT_THAT(
      frame_of("SEND\n\xFF:a\xED\xA0한\xE2\x82\n\n\xFF^@").headers,
      ElementsAre(Pair("\xEF\xBF\xBD", "a\xEF\xBF\xBD\xEF\xBF\xBD한\xEF\xBF\xBD\xEF\xBF\xBD")));
  EXPECT_EQ(frame_of("SEND\n\n\xFF^@").body, "\xFF");
}

TEST(DecoderGrammar, keeps_repeated_headers_in_order) {  // ST-21
  const auto frame = frame_of("SEND\na:1\nb:2\na:3\n\n^@");
  EXPECT_THAT(frame.headers, ElementsAre(Pair("a", "1"), Pair("b", "2"), Pair("a", "3")));
  EXPECT_EQ(frame.headers.first("a"), "1");
}

TEST(DecoderGrammar, unescapes_names_and_values) {  // ST-22, GV-19
  EXPECT_THAT(frame_of("SEND\ndestination:/a\na\\cb:c\\nd\n\n^@").headers,
              ElementsAre(Pair("destination", "/a"), Pair("a:b", "c\nd")));
  EXPECT_THAT(frame_of("ACK\na:\\r\\n\\c\\\\\\\\c\n\n^@").headers,
              ElementsAre(Pair("a", "\r\n:\\\\c")));
}

TEST(DecoderGrammar, refuses_other_escapes) {  // ST-22
  EXPECT_EQ(error_of("SEND\nx:a\\tb\n\n^@"), "Illegal escape sequence at index 1: a\\tb");
  EXPECT_EQ(error_of("SEND\nx:end\\\n\n^@"), "Illegal escape sequence at index 3: end\\");
  EXPECT_EQ(error_of("SEND\nx\\:y\n\n^@"), "Illegal escape sequence at index 1: x\\");
}

TEST(DecoderGrammar, unescapes_whatever_the_version_is) {  // ST-23
  const auto frames = frames_of("CONNECT\naccept-version:1.0\n\n^@SEND\na:\\r\n\n^@");
  ASSERT_EQ(frames.size(), 2U);
  EXPECT_EQ(frames[1].headers.first("a"), "\r");
}

TEST(DecoderGrammar, takes_a_backslash_of_connecting_as_it_is) {  // ST-24
  for (const std::string command : {"CONNECT", "STOMP", "CONNECTED"}) {
    EXPECT_EQ(frame_of(command + "\na:b\\c\\t\\\n\n^@").headers.first("a"), "b\\c\\t\\");
  }
}

TEST(DecoderGrammar, ends_the_headers_at_a_blank_line) {  // ST-25
  const auto frame = frame_of("SEND\na:b\n\nc:d\n\n^@");
  EXPECT_EQ(frame.headers.size(), 1U);
  EXPECT_EQ(frame.body, "c:d\n\n");
  EXPECT_TRUE(frame_of("SEND\n\n^@").headers.empty());
}

TEST(DecoderGrammar, takes_as_many_octets_as_content_length_says) {  // ST-26
  EXPECT_EQ(frame_of("SEND\ncontent-length:5\n\na^@b^@c^@").body, octets("a^@b^@c"));
  EXPECT_EQ(frame_of("SEND\ncontent-length:+1\n\n^@^@").body, octets("^@"));
  EXPECT_EQ(frame_of("SEND\ncontent-length:0\ncontent-length:9\n\n^@").body, "");
}

TEST(DecoderGrammar, wants_a_nul_behind_them) {  // ST-26
  EXPECT_EQ(error_of("SEND\ncontent-length:3\n\nhello^@"),
            "Frame must be terminated with a null octet");
  EXPECT_EQ(error_of("SEND\ncontent-length:0\n\nx"), "Frame must be terminated with a null octet");
}

TEST(DecoderGrammar, ignores_a_content_length_that_is_none) {  // ST-27
  for (const std::string length :
       {"-1", "abc", " 5", "5 ", "", "2147483648", "99999999999", "1.0", "+", "+-1", "0x1"}) {
    const auto frame = frame_of("SEND\ncontent-length:" + length + "\n\nabc^@");
    EXPECT_EQ(frame.body, "abc") << length;
    EXPECT_EQ(frame.headers.first("content-length"), length);
  }
}

TEST(DecoderGrammar, ignores_it_in_an_unfinished_frame_too) {  // ST-28
  Decoder decoder{Limits{}};
  ASSERT_TRUE(decoder.feed("SEND\ncontent-length:abc\n"));
  ASSERT_TRUE(decoder.feed("\nab"));
  EXPECT_EQ(fed(decoder, "c^@").frames.at(0).body, "abc");
}

TEST(DecoderGrammar, ends_the_body_at_the_first_nul_without_content_length) {  // ST-29
  const auto frames = frames_of("SEND\n\na\nb^@SEND\n\n^@");
  ASSERT_EQ(frames.size(), 2U);
  EXPECT_EQ(frames[0].body, "a\nb");
}

TEST(DecoderGrammar, allows_few_frames_a_body) {  // ST-30
  for (const std::string command : {"SEND", "MESSAGE", "ERROR"}) {
    EXPECT_EQ(frame_of(command + "\n\nx^@").body, "x");
  }
  for (const std::string command :
       {"CONNECT", "STOMP", "SUBSCRIBE", "UNSUBSCRIBE", "ACK", "NACK", "BEGIN", "COMMIT", "ABORT",
        "DISCONNECT", "CONNECTED", "RECEIPT"}) {
    EXPECT_TRUE(frame_of(command + "\n\n^@").body.empty());
    EXPECT_THAT(error_of(command + "\ncontent-length:2\n\nxy^@"),
                HasSubstr(command + " shouldn't have a payload: length=2"));
  }
}

TEST(DecoderGrammar, wants_a_content_type_to_be_one) {  // ST-31
  EXPECT_EQ(error_of("SEND\ncontent-type:foo\n\n^@"), "Invalid mime type \"foo\"");
  EXPECT_THAT(error_of("ACK\ncontent-type:text/plain;charset=no-such\n\n^@"),
              HasSubstr("Invalid mime type"));
  EXPECT_TRUE(frame_of("SEND\ncontent-type:text/plain\ncontent-type:foo\n\n^@").body.empty());
}

TEST(DecoderGrammar, judges_the_content_type_of_a_complete_frame_only) {  // ST-31
  Decoder decoder{Limits{}};
  ASSERT_TRUE(decoder.feed("SEND\ncontent-type:te"));
  ASSERT_TRUE(decoder.feed("xt\n\n"));
  EXPECT_FALSE(decoder.feed(octets("^@")));
}

TEST(DecoderGrammar, waits_for_the_rest_of_a_frame) {  // ST-32
  Decoder decoder{Limits{}};
  for (const auto* piece : {"SEN", "D\n", "a:", "b\n\n", "content"}) {
    const auto decoded = decoder.feed(piece);
    ASSERT_TRUE(decoded);
    EXPECT_TRUE(decoded->frames.empty());
  }
  EXPECT_EQ(fed(decoder, "^@").frames.size(), 1U);
}

TEST(DecoderGrammar, limits_the_number_of_headers) {  // ST-33
  std::string many = "SEND\n";
  for (int i = 0; i < 256; ++i) many += "a:\n";
  EXPECT_EQ(frame_of(many + "\n^@").headers.size(), 256U);
  EXPECT_THAT(error_of(many + "a:\n"), HasSubstr("limit of 256 headers"));
}

TEST(DecoderGrammar, limits_the_length_of_a_header) {  // ST-33
  const auto longest = "SEND\na:" + std::string(16'382, 'x');
  EXPECT_EQ(frame_of(longest + "\r\n\n^@").headers.size(), 1U);
  EXPECT_THAT(error_of(longest + "x\n"), HasSubstr("header length limit of 16384"));
  EXPECT_THAT(error_of(longest + "x"), HasSubstr("header length limit of 16384"));
}

TEST(DecoderGrammar, gives_the_first_of_the_headers_that_route) {  // ST-34
  const auto frame = frame_of("SUBSCRIBE\nid:1\nid:2\ndestination:/a\ndestination:/b\n\n^@");
  EXPECT_EQ(frame.headers.first("id"), "1");
  EXPECT_EQ(frame.headers.first("destination"), "/a");
}

TEST(DecoderGrammar, hides_the_passcode) {  // ST-35, GV-20
  for (const std::string command : {"CONNECT", "STOMP"}) {
    const auto frame = frame_of(command + "\nlogin:joe\npasscode:a\\cb\npasscode:c\n\n^@");
    EXPECT_EQ(frame.passcode, "a\\cb");
    EXPECT_THAT(frame.headers, ElementsAre(Pair("login", "joe"), Pair("passcode", "PROTECTED")));
  }
}

TEST(DecoderGrammar, hides_nothing_in_other_frames) {  // ST-35
  for (const std::string command : {"SEND", "CONNECTED"}) {
    const auto frame = frame_of(command + "\npasscode:a\n\n^@");
    EXPECT_EQ(frame.headers.first("passcode"), "a");
    EXPECT_EQ(frame.passcode, "");
  }
}

TEST(DecoderGrammar, never_quotes_a_passcode_in_an_error) {  // ST-35
  EXPECT_THAT(error_of("CONNECT\npasscode:secret\nheart-beat:a,b\n\n^@"), Not(HasSubstr("secret")));
  EXPECT_THAT(error_of("CONNECT\npasscode:secret\n\nx^@"), Not(HasSubstr("secret")));
}

TEST(DecoderGrammar, judges_the_heart_beat_of_every_frame) {  // ST-36
  for (const std::string command : {"CONNECT", "SEND", "ACK"}) {
    EXPECT_EQ(error_of(command + "\nheart-beat:1,2,3\n\n^@"), "Invalid heart-beat header: 1,2,3");
    EXPECT_EQ(error_of(command + "\nheart-beat:10\n\n^@"), "no error");
  }
}

TEST(DecoderGrammar, minds_blanks_in_a_heart_beat_only_when_tokens_are_strict) {  // ST-38
  const auto text = octets("CONNECT\nheart-beat:0, 0\n\n^@");
  EXPECT_TRUE(Decoder{Limits{}}.feed(text));
  EXPECT_FALSE((Decoder{Limits{}, TokenRule::strict}.feed(text)));
}

}  // namespace
}  // namespace ondol::stomp
