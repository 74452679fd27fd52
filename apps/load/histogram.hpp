#pragma once

#include <array>
#include <cstddef>
#include <cstdint>

namespace load {

// Counts durations in nanoseconds, exact to 1/64 of the value, up to about 18 minutes; longer ones
// count as that. Adding allocates nothing.
class Histogram {
 public:
  void add(std::uint64_t nanoseconds);
  std::uint64_t count() const { return count_; }
  // The smallest value that at least this share (0 to 1) of all is not above; 0 when empty.
  std::uint64_t quantile(double share) const;

 private:
  static constexpr int kSubBits = 6;
  static constexpr int kLargestBit = 40;
  static constexpr std::size_t kBuckets = static_cast<std::size_t>(kLargestBit - kSubBits + 2)
                                          << kSubBits;

  static std::size_t bucket_of(std::uint64_t value);
  static std::uint64_t upper_end(std::size_t bucket);

  std::array<std::uint64_t, kBuckets> counts_{};
  std::uint64_t count_ = 0;
};

}  // namespace load
