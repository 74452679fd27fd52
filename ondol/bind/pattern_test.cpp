#include <ondol/bind/pattern.hpp>

#include <stdexcept>

#include <functional>
#include <random>
#include <stdexcept>
#include <string>

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

// A client's pattern must not keep a loop busy: these take hours when every split is tried.
TEST(Pattern, takes_little_time_whatever_it_is) {
  const std::string octets(10'000, 'a');
  std::string stars;
  for (std::size_t i = 0; i + 1 < Pattern::kMaxWildcards; ++i) stars += "*a";
  EXPECT_FALSE(Pattern::parse("/" + stars + "*b", '/').matches("/" + octets));
  EXPECT_TRUE(Pattern::parse("/" + stars + "*", '/').matches("/" + octets));

  std::string tokens;
  std::string path;
  for (std::size_t i = 0; i < Pattern::kMaxWildcards; ++i) tokens += "/**/a";
  for (int i = 0; i < 5'000; ++i) path += "/a";
  EXPECT_FALSE(Pattern::parse(tokens + "/b", '/').matches(path));
  EXPECT_TRUE(Pattern::parse(tokens, '/').matches(path));

  std::string variables;
  for (std::size_t i = 0; i < Pattern::kMaxWildcards; ++i)
    variables += "{v" + std::to_string(i) + "}.";
  Variables found;
  EXPECT_FALSE(Pattern::parse("/" + variables, '/').match("/" + octets, &found));
}

// PM-5, PM-8: `a**` is a token with two stars in it, not any number of tokens.
TEST(Pattern, takes_two_stars_for_any_tokens_only_when_they_are_a_whole_token) {
  const auto pattern = Pattern::parse("/a**", '/');
  EXPECT_TRUE(pattern.matches("/abc"));
  EXPECT_FALSE(pattern.matches("/ab/"));
  EXPECT_FALSE(pattern.matches("/ab/c"));
  EXPECT_EQ(pattern.compare(pattern, "/ab"), 0);
}

TEST(Pattern, has_a_limited_number_of_wildcards) {
  std::string text;
  for (std::size_t i = 0; i < Pattern::kMaxWildcards; ++i) text += "/*";
  EXPECT_NO_THROW(Pattern::parse(text, '/'));
  EXPECT_THROW(Pattern::parse(text + "/*", '/'), std::invalid_argument);
}

// Against every split tried, where that is cheap.
TEST(Pattern, finds_what_trying_everything_finds) {
  const std::function<bool(std::string_view, std::string_view)> matches =
      [&](std::string_view pattern, std::string_view text) {
        if (pattern.empty()) return text.empty();
        if (pattern.front() == '*') {
          for (std::size_t taken = 0; taken <= text.size(); ++taken) {
            if (matches(pattern.substr(1), text.substr(taken))) return true;
          }
          return false;
        }
        return !text.empty() && (pattern.front() == '?' || pattern.front() == text.front()) &&
               matches(pattern.substr(1), text.substr(1));
      };
  std::mt19937 random{5};
  const auto word = [&](std::string_view letters, std::size_t most) {
    std::string out;
    for (auto n = 1 + random() % most; n > 0; --n) out += letters[random() % letters.size()];
    return out;
  };
  for (int i = 0; i < 20'000; ++i) {
    const auto pattern = word("ab?*", 7);
    const auto text = word("ab", 8);
    if (pattern == "**") continue;
    EXPECT_EQ(Pattern::parse("/" + pattern, '/').matches("/" + text), matches(pattern, text))
        << pattern << ' ' << text;
  }
}

}  // namespace
}  // namespace ondol::bind
