#include <ondol/stomp/heartbeat.hpp>

#include <ostream>

#include <gtest/gtest.h>

namespace ondol::stomp {

void PrintTo(const HeartBeat& beat, std::ostream* out) {
  *out << beat.outgoing.count() << ',' << beat.incoming.count();
}

namespace {

using std::chrono::milliseconds;

constexpr HeartBeat beat(int outgoing, int incoming) {
  return {milliseconds{outgoing}, milliseconds{incoming}};
}

TEST(HeartBeat, is_two_numbers) {  // ST-36
  EXPECT_EQ(parse_heart_beat("10000,20000"), beat(10'000, 20'000));
  EXPECT_EQ(parse_heart_beat("0,0"), beat(0, 0));
  EXPECT_EQ(parse_heart_beat("+1,+2"), beat(1, 2));
}

TEST(HeartBeat, is_none_without_a_comma) {  // ST-36
  for (const auto* text : {"", "10", "abc", "1;2"}) EXPECT_EQ(parse_heart_beat(text), beat(0, 0));
}

TEST(HeartBeat, refuses_what_is_no_number) {  // ST-36
  for (const auto* text : {"a,b", "1,2,3", ",", "1,", ",1", "1.5,2", "0x1,2", "+-1,2", "+,1",
                           "1,9223372036854775808"}) {
    EXPECT_FALSE(parse_heart_beat(text)) << text;
  }
}

TEST(HeartBeat, does_not_mind_blanks_unless_tokens_are_strict) {  // ST-36, ST-38
  EXPECT_EQ(parse_heart_beat(" 5 , 6 "), beat(5, 6));
  EXPECT_FALSE(parse_heart_beat("0, 0", TokenRule::strict));
  EXPECT_EQ(parse_heart_beat("5,6", TokenRule::strict), beat(5, 6));
}

TEST(HeartBeat, counts_negative_values_as_none) {  // SE-20
  EXPECT_EQ(parse_heart_beat("-5,7"), beat(0, 7));
  EXPECT_EQ(parse_heart_beat("7,-9223372036854775808"), beat(7, 0));
}

TEST(HeartBeat, stays_small_enough_to_be_multiplied) {  // ST-36: 64 bits
  const auto longest = parse_heart_beat("9223372036854775807,1");
  ASSERT_TRUE(longest);
  EXPECT_GT(longest->outgoing, std::chrono::hours{24 * 365});
  EXPECT_GT(std::chrono::nanoseconds{3 * longest->outgoing}.count(), 0);
}

TEST(HeartBeat, agreed_on_is_the_larger_of_both) {  // SE-20
  EXPECT_EQ(negotiate(beat(5, 20), beat(10, 15)), beat(20, 15));
  EXPECT_EQ(negotiate(beat(30, 5), beat(10, 15)), beat(10, 30));
}

TEST(HeartBeat, agreed_on_is_none_when_one_side_has_none) {  // SE-20
  EXPECT_EQ(negotiate(beat(0, 5), beat(10, 10)), beat(10, 0));
  EXPECT_EQ(negotiate(beat(5, 0), beat(10, 10)), beat(0, 10));
  EXPECT_EQ(negotiate(beat(5, 5), beat(0, 10)), beat(0, 10));
  EXPECT_EQ(negotiate(beat(5, 5), beat(10, 0)), beat(10, 0));
  EXPECT_EQ(negotiate(beat(5, 5), beat(0, 0)), beat(0, 0));
}

}  // namespace
}  // namespace ondol::stomp
