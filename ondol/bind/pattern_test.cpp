#include <ondol/bind/pattern.hpp>

#include <stdexcept>

#include <gtest/gtest.h>

namespace ondol::bind {
namespace {

struct Case {
  char separator;
  const char* pattern;
  const char* path;
  bool match;
};

// The vectors of messaging.md 4.5 (PM-1 to PM-7); those with a regular expression are refused.
TEST(Pattern, matches_as_the_vectors_say) {
  const Case cases[] = {
      {'/', "/sub/chat/*", "/sub/chat/1", true},
      {'/', "/sub/chat/*", "/sub/chat/1/2", false},
      {'/', "/sub/chat/*", "/sub/chat", false},
      {'/', "/sub/chat/*", "/sub/chat/", true},
      {'/', "/sub/**", "/sub", true},
      {'/', "/sub/**", "/sub/a/b/c", true},
      {'/', "/sub/chat/?", "/sub/chat/1", true},
      {'/', "/sub/chat/?", "/sub/chat/10", false},
      {'/', "/sub/chat/room-*", "/sub/chat/room-", true},
      {'/', "/sub/chat/*", "/sub//chat/1", true},
      {'/', "/sub/chat.*", "/sub/chat.room.1", true},
      {'/', "/sub/**/end", "/sub/end", true},
      {'/', "/sub/**/end", "/sub/a/b/end", true},
      {'/', "/**", "/anything", true},
      {'/', "/sub/{id}", "/sub/42", true},
      {'/', "sub/*", "/sub/1", false},
      {'/', "/sub/1", "/sub/1/", false},
      {'/', "/SUB/*", "/sub/1", false},
      {'/', "/sub/a**", "/sub/abc", true},
      {'/', "/sub/a**", "/sub/abc/d", false},
      {'/', "/topic/PRICE.STOCK.*.IBM", "/topic/PRICE.STOCK.NASDAQ.IBM", true},
      {'.', "chat.room.*", "chat.room.1", true},
      {'.', "chat.room.*", "chat.room.1.x", false},
      {'.', "chat.**", "chat.room.1.x", true},
      {'.', "chat.**", "chat", true},
      {'.', "chat.message.{id}", "chat.message.7", true},
      {'.', "/sub/chat.room.*", "/sub/chat.room.1", true},
      {'.', "/sub/chat.*", "/sub/chat.room.1", false},
      {'.', "/sub/chat.**", "/sub/chat.room.1", true},
      {'.', "/sub/**", "/sub/chat.room.1", false},
      {'.', "/sub/*", "/sub/chat", true},
  };
  for (const auto& c : cases) {
    EXPECT_EQ(Pattern::parse(c.pattern, c.separator).matches(c.path), c.match)
        << c.pattern << " " << c.path;
  }
}

TEST(Pattern, captures_greedily_from_the_left) {  // PM-7
  Variables variables;
  ASSERT_TRUE(Pattern::parse("/sub/{a}-{b}", '/').match("/sub/x-y-z", &variables));
  EXPECT_EQ(variables, (Variables{{"a", "x-y"}, {"b", "z"}}));
}

TEST(Pattern, the_more_specific_one_comes_first) {  // PM-8
  const char* in_order[] = {"/a/b", "/a/{x}", "/a/*", "/{x}/{y}", "/a/**", "/**"};
  for (std::size_t i = 0; i + 1 < std::size(in_order); ++i) {
    EXPECT_LT(
        Pattern::parse(in_order[i], '/').compare(Pattern::parse(in_order[i + 1], '/'), "/a/b"), 0)
        << in_order[i];
  }
}

TEST(Pattern, refuses_what_is_no_variable) {
  EXPECT_THROW(Pattern::parse("/a/{", '/'), std::invalid_argument);
  EXPECT_THROW(Pattern::parse("/a/{}", '/'), std::invalid_argument);
  EXPECT_THROW(Pattern::parse("/a/{b:[0-9]+}", '/'), std::invalid_argument);
}

}  // namespace
}  // namespace ondol::bind
