#pragma once

#include <array>
#include <chrono>
#include <cstdint>
#include <mutex>
#include <unordered_map>

#include <apps/chat/member/member.hpp>

namespace chat {

// A token bucket a member (CH-33). Shared by all loops behind striped locks; a bucket that is full
// again is forgotten, so that only members who sent lately are kept.
class RateLimiter {
 public:
  using Clock = std::chrono::steady_clock;

  RateLimiter(std::int64_t per_second, std::int64_t burst)
      : per_second_{per_second}, burst_{burst} {}

  // Takes one; 0 when there was one, else the seconds, rounded up, until there is.
  int take(MemberId member, Clock::time_point now);
  // For what turned out to cost nothing.
  void give_back(MemberId member);

 private:
  struct Bucket {
    double tokens = 0;
    Clock::time_point filled_at;
  };
  struct Stripe {
    std::mutex mutex;
    std::unordered_map<MemberId, Bucket> buckets;
    Clock::time_point swept_at;
  };

  double tokens_at(const Bucket& bucket, Clock::time_point now) const;

  std::int64_t per_second_;  // 0: no limit
  std::int64_t burst_;
  std::array<Stripe, 16> stripes_;
};

}  // namespace chat
