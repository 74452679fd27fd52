#include <ondol/stomp/headers.hpp>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace ondol::stomp {
namespace {

using testing::ElementsAre;
using testing::Pair;

Headers three() {
  Headers headers;
  headers.add("a", "1");
  headers.add("b", "2");
  headers.add("a", "3");
  return headers;
}

TEST(Headers, keep_all_values_in_order_and_look_up_the_first) {  // ST-21
  const auto headers = three();
  EXPECT_THAT(headers, ElementsAre(Pair("a", "1"), Pair("b", "2"), Pair("a", "3")));
  EXPECT_EQ(headers.first("a"), "1");
  EXPECT_THAT(headers.all("a"), ElementsAre("1", "3"));
  EXPECT_EQ(headers.size(), 3U);
}

TEST(Headers, tell_an_empty_value_from_none) {  // ST-46
  Headers headers;
  EXPECT_TRUE(headers.empty());
  headers.add("e", "");
  EXPECT_EQ(headers.first("e"), "");
  EXPECT_TRUE(headers.has("e"));
  EXPECT_FALSE(headers.has("f"));
}

TEST(Headers, have_case_sensitive_names) {  // ST-19
  EXPECT_FALSE(three().has("A"));
}

TEST(Headers, set_puts_one_value_in_place_of_all) {
  auto headers = three();
  headers.set("a", "4");
  EXPECT_THAT(headers, ElementsAre(Pair("a", "4"), Pair("b", "2")));
  headers.set("c", "5");
  EXPECT_THAT(headers, ElementsAre(Pair("a", "4"), Pair("b", "2"), Pair("c", "5")));
}

TEST(Headers, set_takes_a_view_of_a_value_that_it_erases) {
  auto headers = three();
  headers.set("a", headers.all("a")[1]);
  EXPECT_THAT(headers, ElementsAre(Pair("a", "3"), Pair("b", "2")));
}

TEST(Headers, remove_takes_all_values_away) {
  auto headers = three();
  headers.remove("a");
  EXPECT_THAT(headers, ElementsAre(Pair("b", "2")));
}

}  // namespace
}  // namespace ondol::stomp
