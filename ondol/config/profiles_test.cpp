#include <ondol/config/profiles.hpp>

#include <gtest/gtest.h>

#include <ondol/config/settings.hpp>

namespace ondol::config {
namespace {

// WB-418.
TEST(Profiles, are_joined_by_and_or_and_not) {
  const std::vector<std::string> active{"prod", "eu"};
  EXPECT_TRUE(matches_profiles("prod", active));
  EXPECT_FALSE(matches_profiles("!prod", active));
  EXPECT_TRUE(matches_profiles("prod & eu", active));
  EXPECT_FALSE(matches_profiles("prod & us", active));
  EXPECT_TRUE(matches_profiles("us | eu", active));
  EXPECT_TRUE(matches_profiles("prod & (us | !kr)", active));
  EXPECT_TRUE(matches_profiles("us, eu", active));
}

TEST(Profiles, refuse_what_is_no_expression) {
  for (const auto* text : {"", "prod &", "(prod", "prod eu", "a & b | c", "!"}) {
    EXPECT_THROW(matches_profiles(text, {}), SettingsError) << text;
  }
}

}  // namespace
}  // namespace ondol::config
