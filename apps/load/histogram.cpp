#include <apps/load/histogram.hpp>

#include <algorithm>
#include <bit>
#include <cmath>

namespace load {

std::size_t Histogram::bucket_of(std::uint64_t value) {
  constexpr std::uint64_t kSub = std::uint64_t{1} << kSubBits;
  value = std::min(value, (std::uint64_t{2} << kLargestBit) - 1);
  if (value < kSub) return static_cast<std::size_t>(value);
  const int top = static_cast<int>(std::bit_width(value)) - 1;
  const auto row = static_cast<std::size_t>(top - kSubBits + 1);
  const auto column = static_cast<std::size_t>((value >> (top - kSubBits)) & (kSub - 1));
  return (row << kSubBits) + column;
}

std::uint64_t Histogram::upper_end(std::size_t bucket) {
  const auto row = bucket >> kSubBits;
  const std::uint64_t column = bucket & ((std::size_t{1} << kSubBits) - 1);
  if (row == 0) return column;
  const auto shift = row - 1;
  return (((std::uint64_t{1} << kSubBits) + column + 1) << shift) - 1;
}

void Histogram::add(std::uint64_t nanoseconds) {
  ++counts_[bucket_of(nanoseconds)];
  ++count_;
}

std::uint64_t Histogram::quantile(double share) const {
  if (count_ == 0) return 0;
  const auto wanted = std::max<std::uint64_t>(
      1, static_cast<std::uint64_t>(std::ceil(share * static_cast<double>(count_))));
  std::uint64_t seen = 0;
  for (std::size_t i = 0; i < kBuckets; ++i) {
    seen += counts_[i];
    if (seen >= wanted) return upper_end(i);
  }
  return upper_end(kBuckets - 1);
}

}  // namespace load
