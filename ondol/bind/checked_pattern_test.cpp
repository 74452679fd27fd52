#include <ondol/bind/checked_pattern.hpp>

#include <gtest/gtest.h>

namespace ondol::bind {
namespace {

TEST(CheckedPattern, knows_the_variables_of_a_pattern) {
  static_assert(detail::has_variable("/rooms/{roomNo}/{id}", "roomNo"));
  static_assert(detail::has_variable("/rooms/{roomNo}/{id}", "id"));
  static_assert(!detail::has_variable("/rooms/{roomNumber}", "room"));
  static_assert(!detail::has_variable("/rooms/roomNo", "roomNo"));

  const CheckedPattern<std::tuple<Path<"roomNo">, Header<"X">>> pattern = "/rooms/{roomNo}";

  EXPECT_EQ(pattern.text(), "/rooms/{roomNo}");
}

TEST(Name, a_number_stands_for_its_digits) {
  EXPECT_EQ((Name{0}.view()), "0");
  EXPECT_EQ((Name{-2147483647}.view()), "-2147483647");
  EXPECT_EQ((Name{"text"}.view()), "text");
}

}  // namespace
}  // namespace ondol::bind
