#include <ondol/base/utf8.hpp>

#include <string>

#include <gtest/gtest.h>

namespace ondol {
namespace {

TEST(Utf8, accepts_the_first_and_last_of_each_length) {
  for (const char* text :
       {"\x7f", "\xC2\x80", "\xDF\xBF", "\xE0\xA0\x80", "\xEF\xBF\xBF", "\xF0\x90\x80\x80",
        "\xF4\x8F\xBF\xBF", "\xED\x9F\xBF", "안녕하세요, this is long 😀"}) {
    EXPECT_TRUE(is_valid_utf8(text)) << text;
  }
}

TEST(Utf8, refuses_overlong_forms_surrogates_and_what_is_too_large) {
  for (const char* text :
       {"\x80", "\xC0\x80", "\xC1\xBF", "\xE0\x9F\xBF", "\xED\xA0\x80", "\xF0\x8F\xBF\xBF",
        "\xF4\x90\x80\x80", "\xF5\x80\x80\x80", "\xFF", "12345678\xE2\x82"}) {
    EXPECT_FALSE(is_valid_utf8(text)) << text;
  }
}

TEST(Utf8, refuses_at_the_first_octet_that_shows_it) {
  Utf8Validator validator;
  EXPECT_TRUE(validator.feed("\xED"));
  EXPECT_FALSE(validator.complete());
  EXPECT_FALSE(validator.feed("\xA0"));
}

TEST(Utf8, agrees_at_every_split) {
  const std::string text = "a한€😀z and eight more octets";
  for (std::size_t cut = 0; cut <= text.size(); ++cut) {
    Utf8Validator validator;
    EXPECT_TRUE(validator.feed(std::string_view{text}.substr(0, cut)));
    EXPECT_TRUE(validator.feed(std::string_view{text}.substr(cut)));
    EXPECT_TRUE(validator.complete());
  }
}

TEST(Utf8, counts_code_points) {
  EXPECT_EQ(count_code_points("a한😀"), 3U);
}

}  // namespace
}  // namespace ondol
