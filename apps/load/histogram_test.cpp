#include <apps/load/histogram.hpp>

#include <algorithm>
#include <random>
#include <vector>

#include <gtest/gtest.h>

namespace load {
namespace {

TEST(Histogram, is_exact_to_a_sixty_fourth) {
  std::mt19937_64 random{3};
  for (int round = 0; round < 20; ++round) {
    Histogram histogram;
    std::vector<std::uint64_t> values;
    for (int i = 0; i < 5'000; ++i) {
      values.push_back(random() >> (24 + random() % 40));
      histogram.add(values.back());
    }
    std::ranges::sort(values);
    for (const double share : {0.001, 0.5, 0.9, 0.99, 0.999, 1.0}) {
      const auto rank = static_cast<std::size_t>(std::ceil(share * 5'000)) - 1;
      const auto exact = values[rank];
      EXPECT_GE(histogram.quantile(share), exact);
      EXPECT_LE(histogram.quantile(share), exact + exact / 64 + 1);
    }
  }
}

TEST(Histogram, of_nothing_is_nothing_and_of_ages_is_its_end) {
  Histogram histogram;
  EXPECT_EQ(histogram.quantile(0.5), 0U);
  histogram.add(UINT64_MAX);
  EXPECT_GT(histogram.quantile(0.5), 1'000'000'000'000U);
}

}  // namespace
}  // namespace load
