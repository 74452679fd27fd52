#include <ondol/stomp/escape.hpp>

#include <string>

#include <gtest/gtest.h>

namespace ondol::stomp {
namespace {

std::string escaped(std::string_view text) {
  std::string out = ">";
  append_escaped(out, text);
  return out;
}

TEST(Escape, covers_four_octets) {  // ST-43
  EXPECT_EQ(escaped("a\\b:c\nd\re"), ">a\\\\b\\cc\\nd\\re");
  EXPECT_EQ(escaped("한글"), ">한글");
  EXPECT_EQ(escaped(""), ">");
}

TEST(Escape, is_undone) {  // ST-22
  for (const std::string_view text :
       {"", "plain", ":", "\\", "\r\n", "a:b\\c\nd\re", "\\c", "::"}) {
    const auto plain = unescape(escaped(text).substr(1));
    ASSERT_TRUE(plain) << text;
    EXPECT_EQ(*plain, text);
  }
}

TEST(Escape, knows_no_others) {  // ST-22
  EXPECT_EQ(unescape("a\\tb").error().index, 1U);
  EXPECT_EQ(unescape("end\\").error().index, 3U);
  EXPECT_EQ(unescape("\\\\\\").error().index, 2U);
  EXPECT_EQ(unescape("\\c\\N").error().index, 2U);
  EXPECT_FALSE(unescape(std::string_view{"\\\0", 2}));
}

}  // namespace
}  // namespace ondol::stomp
