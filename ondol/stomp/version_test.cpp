#include <ondol/stomp/version.hpp>

#include <gtest/gtest.h>

namespace ondol::stomp {
namespace {

TEST(Version, is_the_highest_that_the_client_lists) {  // SE-8
  EXPECT_EQ(choose_version("1.0,1.2,1.1"), "1.2");
  EXPECT_EQ(choose_version("1.1,1.0"), "1.1");
  EXPECT_EQ(choose_version("1.0"), "1.0");
  EXPECT_EQ(choose_version("2.0,1.1,9"), "1.1");
}

TEST(Version, is_1_0_without_the_header) {  // SE-9
  EXPECT_EQ(choose_version(std::nullopt), "1.0");
}

TEST(Version, is_none_without_a_common_one) {  // SE-10
  for (const auto* offered : {"", ",", "9.9", "1.20", "1", "v1.2", "1.1;1.2"}) {
    EXPECT_EQ(choose_version(offered), std::nullopt) << offered;
  }
}

TEST(Version, does_not_mind_blanks_unless_tokens_are_strict) {  // ST-37, ST-38
  EXPECT_EQ(choose_version("1.1, 1.2"), "1.2");
  EXPECT_EQ(choose_version("1.1, 1.2", TokenRule::strict), "1.1");
  EXPECT_EQ(choose_version(" 1.2", TokenRule::strict), std::nullopt);
}

}  // namespace
}  // namespace ondol::stomp
