#include <apps/load/order.hpp>

#include <gtest/gtest.h>

namespace load {
namespace {

TEST(OrderCheck, counts_what_is_lost_doubled_and_out_of_order) {
  OrderCheck check{2};
  for (const std::uint64_t n : {0U, 1U, 2U}) check.heard(0, n);
  check.heard(1, 0);
  EXPECT_EQ(check.lost({3, 1}), 0U);
  check.heard(0, 5);
  EXPECT_EQ(check.lost({6, 1}), 2U);
  check.heard(0, 4);
  EXPECT_EQ(check.out_of_order(), 1U);
  EXPECT_EQ(check.lost({6, 1}), 1U);
  check.heard(0, 4);
  check.heard(1, 0);
  EXPECT_EQ(check.doubled(), 2U);
  EXPECT_EQ(check.lost({6, 3}), 3U);
  EXPECT_EQ(check.received(), 8U);
}

}  // namespace
}  // namespace load
