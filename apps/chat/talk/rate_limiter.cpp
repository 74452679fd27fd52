#include <apps/chat/talk/rate_limiter.hpp>

#include <algorithm>
#include <cmath>

namespace chat {

double RateLimiter::tokens_at(const Bucket& bucket, Clock::time_point now) const {
  const std::chrono::duration<double> passed = now - bucket.filled_at;
  return std::min(static_cast<double>(burst_),
                  bucket.tokens + passed.count() * static_cast<double>(per_second_));
}

int RateLimiter::take(MemberId member, Clock::time_point now) {
  if (per_second_ == 0) return 0;
  auto& stripe = stripes_[static_cast<std::size_t>(member.value) % stripes_.size()];
  const std::lock_guard lock{stripe.mutex};
  if (now - stripe.swept_at > std::chrono::minutes{1}) {
    stripe.swept_at = now;
    std::erase_if(stripe.buckets, [&](const auto& entry) {
      return tokens_at(entry.second, now) >= static_cast<double>(burst_);
    });
  }
  auto& bucket =
      stripe.buckets.try_emplace(member, Bucket{static_cast<double>(burst_), now}).first->second;
  bucket.tokens = tokens_at(bucket, now);
  bucket.filled_at = now;
  if (bucket.tokens >= 1) {
    bucket.tokens -= 1;
    return 0;
  }
  return std::max(
      1, static_cast<int>(std::ceil((1 - bucket.tokens) / static_cast<double>(per_second_))));
}

void RateLimiter::give_back(MemberId member) {
  auto& stripe = stripes_[static_cast<std::size_t>(member.value) % stripes_.size()];
  const std::lock_guard lock{stripe.mutex};
  if (const auto bucket = stripe.buckets.find(member); bucket != stripe.buckets.end()) {
    bucket->second.tokens += 1;  // tokens_at() keeps it within the burst
  }
}

}  // namespace chat
