#pragma once

#include <array>
#include <atomic>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <string_view>

namespace ondol::messaging {

// Which destinations one loop may have subscribers for: a counter a bucket, written by that loop,
// read by every publisher, so that a publication wakes only loops where somebody may listen. A
// false hit costs a look-up.
class Interest {
 public:
  void add(std::string_view destination, bool pattern) {
    counter(destination, pattern).fetch_add(1);
  }
  void remove(std::string_view destination, bool pattern) {
    counter(destination, pattern).fetch_sub(1);
  }

  bool may_listen(std::string_view destination) const {
    return patterns_.load() != 0 || counters_[bucket(destination)].load() != 0;
  }

 private:
  static constexpr std::size_t kBuckets = 4096;

  static std::size_t bucket(std::string_view destination) {
    return std::hash<std::string_view>{}(destination) % kBuckets;
  }
  std::atomic<std::uint32_t>& counter(std::string_view destination, bool pattern) {
    return pattern ? patterns_ : counters_[bucket(destination)];
  }

  std::atomic<std::uint32_t> patterns_{0};
  std::array<std::atomic<std::uint32_t>, kBuckets> counters_{};
};

}  // namespace ondol::messaging
