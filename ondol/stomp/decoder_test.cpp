#include <ondol/stomp/decoder.hpp>

#include <algorithm>
#include <iterator>
#include <string>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <ondol/stomp/test_support.hpp>

namespace ondol::stomp {
namespace {

using testing::HasSubstr;

// What the stream decodes to when it arrives in pieces of that many octets.
std::vector<Frame> in_pieces(std::string_view stream, std::size_t size) {
  Decoder decoder{Limits{}};
  std::vector<Frame> frames;
  for (std::size_t at = 0; at < stream.size(); at += size) {
    auto decoded = decoder.feed(stream.substr(at, size));
    if (!decoded) {
      ADD_FAILURE() << "octet " << at << ": " << decoded.error().text;
      break;
    }
    std::move(decoded->frames.begin(), decoded->frames.end(), std::back_inserter(frames));
  }
  return frames;
}

// Everything that can be cut in two: CR LF, a character, an escape, a number, a body with NULs.
const std::string kStream = octets(
    "\n\r\nCONNECT\r\naccept-version:1.2\r\npasscode:a\\cb\r\n\r\n^@\r\n"
    "SEND\ndestination:/a\\cb\\\\\ncontent-length:5\nx:한글\n\na^@\n^@b^@\n\n"
    "SEND\n\n\r\n두 줄\r\n^@SUBSCRIBE\nid:한\n\n^@\n");

TEST(Decoder, takes_several_frames_from_one_message) {  // ST-1
  const auto frames = frames_of(kStream);
  ASSERT_EQ(frames.size(), 4U);
  EXPECT_EQ(frames[0].command, Command::connect);
  EXPECT_EQ(frames[0].passcode, "a\\cb");
  EXPECT_EQ(frames[1].headers.first("destination"), "/a:b\\");
  EXPECT_EQ(frames[1].body, octets("a^@\n^@b"));
  EXPECT_EQ(frames[2].body, "\r\n두 줄\r\n");
  EXPECT_EQ(frames[3].headers.first("id"), "한");
}

TEST(Decoder,
     keeps_half_a_frame_until_the_rest_arrives_wherever_it_was_cut) {  // ST-1, ST-12, ST-32
  const auto whole = frames_of(kStream);
  for (std::size_t cut = 1; cut < kStream.size(); ++cut) {
    Decoder decoder{Limits{}};
    auto first = decoder.feed(kStream.substr(0, cut));
    ASSERT_TRUE(first) << cut << first.error().text;
    auto second = decoder.feed(kStream.substr(cut));
    ASSERT_TRUE(second) << cut << second.error().text;
    auto frames = first->frames;
    frames.insert(frames.end(), second->frames.begin(), second->frames.end());
    ASSERT_EQ(frames, whole) << cut;
  }
}

TEST(Decoder, takes_pieces_of_any_size) {  // ST-1, ST-4
  const auto whole = frames_of(kStream);
  for (std::size_t size = 1; size < 40; ++size) ASSERT_EQ(in_pieces(kStream, size), whole) << size;
}

TEST(Decoder, takes_a_large_frame_octet_by_octet) {  // ST-4
  const auto head = "SEND\nx:" + std::string(16'000, 'y') + "\ncontent-length:40000\n\n";
  const auto frames = in_pieces(head + std::string(40'000, 'z') + '\0', 1);
  ASSERT_EQ(frames.size(), 1U);
  EXPECT_EQ(frames[0].body.size(), 40'000U);
}

TEST(Decoder, does_not_mind_empty_messages) {  // ST-1
  Decoder decoder{Limits{}};
  EXPECT_FALSE(fed(decoder, "").heartbeat);
  ASSERT_TRUE(decoder.feed("SEND"));
  ASSERT_TRUE(decoder.feed(""));
  EXPECT_EQ(fed(decoder, "\n\n^@").frames.size(), 1U);
}

constexpr auto kExceeded =
    "The configured STOMP buffer size limit of 65536 bytes has been exceeded";

TEST(Decoder, takes_a_message_of_exactly_the_limit) {  // ST-2
  const auto head = octets("SEND\n\n");
  EXPECT_EQ(frames_of(head + std::string(65'536 - 7, 'x') + '\0').size(), 1U);
  EXPECT_EQ(error_of(head + std::string(65'536 - 6, 'x') + '\0'), kExceeded);
}

TEST(Decoder, judges_the_size_before_the_frames_in_it) {  // ST-3
  std::string many;
  while (many.size() + 7 <= 65'536) many += octets("SEND\n\n^@");
  EXPECT_EQ(frames_of(many).size(), 9'362U);
  EXPECT_EQ(error_of(many + std::string(65'537 - many.size(), '\n')), kExceeded);
}

TEST(Decoder, counts_the_decoded_part_of_an_unfinished_frame) {  // ST-2, LM-1
  const std::string_view half = "SEND\ndestination:/a\n\n1234567";
  Decoder exact{Limits{.message_size = 32}};
  ASSERT_TRUE(exact.feed(half));
  EXPECT_TRUE(exact.feed("1234"));
  Decoder over{Limits{.message_size = 32}};
  ASSERT_TRUE(over.feed(half));
  EXPECT_FALSE(over.feed("12345"));
}

TEST(Decoder, counts_neither_whole_frames_nor_the_ends_of_lines_between) {  // ST-2
  Decoder decoder{Limits{.message_size = 17}};
  ASSERT_TRUE(decoder.feed(octets("SEND\n\n^@\n\nSEND\n")));
  EXPECT_EQ(fed(decoder, "\n1234567890^@").frames.size(), 1U);
  ASSERT_TRUE(decoder.feed("\n\n\n\n\n\nSEND\n"));
  EXPECT_TRUE(decoder.feed("\n1234567890"));
}

TEST(Decoder, refuses_a_content_length_above_the_limit_at_once) {  // ST-5
  EXPECT_THAT(error_of("SEND\ncontent-length:65537\n"), HasSubstr("65537"));
  EXPECT_EQ(error_of("SEND\ncontent-length:65536\n"), "no error");
}

TEST(Decoder, is_finished_after_an_error) {  // ST-6, ST-8
  Decoder decoder{Limits{}};
  EXPECT_FALSE(decoder.feed("SEND\nnonsense\n"));
  EXPECT_TRUE(decoder.finished());
  const auto later = decoder.feed(octets("\nSEND\n\n^@\n"));
  ASSERT_TRUE(later);
  EXPECT_TRUE(later->frames.empty());
  EXPECT_FALSE(later->heartbeat);
  EXPECT_TRUE(decoder.feed(std::string(70'000, 'x')));
}

TEST(Decoder, discards_only_what_came_with_the_malformed_frame) {  // ST-7
  Decoder decoder{Limits{}};
  EXPECT_EQ(fed(decoder, "SEND\n\n^@").frames.size(), 1U);
  EXPECT_FALSE(decoder.feed(octets("SEND\n\n^@BAD\nx:y\n\n^@")));
}

TEST(Decoder, takes_ends_of_lines_alone_as_one_heart_beat) {  // ST-14, GV-4
  for (const auto* text : {"\n", "\r\n", "\n\n\n", "\n\r\n\n"}) {
    Decoder decoder{Limits{}};
    const auto decoded = decoder.feed(text);
    ASSERT_TRUE(decoded);
    EXPECT_TRUE(decoded->heartbeat);
    EXPECT_TRUE(decoded->frames.empty());
  }
}

TEST(Decoder, takes_ends_of_lines_beside_a_frame_as_none) {  // ST-13, ST-15
  for (const auto* text : {"\nSEND\n\n^@", "SEND\n\n^@\n", "\r\n\nSEND\n\n^@\r\n\n", "\nSEN"}) {
    Decoder decoder{Limits{}};
    const auto decoded = decoder.feed(octets(text));
    ASSERT_TRUE(decoded);
    EXPECT_FALSE(decoded->heartbeat);
  }
}

TEST(Decoder, takes_ends_of_lines_within_a_frame_as_none) {  // ST-14, ST-32
  Decoder decoder{Limits{}};
  ASSERT_TRUE(decoder.feed("SEND"));
  EXPECT_FALSE(fed(decoder, "\n").heartbeat);
  EXPECT_FALSE(fed(decoder, "\n").heartbeat);
  EXPECT_FALSE(fed(decoder, "\n\n").heartbeat);
  const auto frames = fed(decoder, "^@").frames;
  ASSERT_EQ(frames.size(), 1U);
  EXPECT_EQ(frames[0].body, "\n\n");
  EXPECT_TRUE(fed(decoder, "\n").heartbeat);
}

TEST(Decoder, takes_a_heart_beat_that_is_cut_in_two_as_one) {  // ST-12, ST-14
  Decoder decoder{Limits{}};
  EXPECT_FALSE(fed(decoder, "\r").heartbeat);
  EXPECT_TRUE(fed(decoder, "\n").heartbeat);
}

}  // namespace
}  // namespace ondol::stomp
