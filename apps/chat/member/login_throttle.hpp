#pragma once

#include <chrono>
#include <cstddef>
#include <deque>
#include <mutex>
#include <string>
#include <unordered_map>

namespace chat {

// CH-5: 5 failed logins a minute for an id and 20 for an address, then TooManyRequests until the
// oldest of them is a minute old. An attempt counts for its id from its beginning, so that many at
// once gain nothing; who logs in is forgiven the failures of his id. Forgets what is older than a
// minute. From any thread.
class LoginThrottle {
 public:
  using Clock = std::chrono::steady_clock;

  static constexpr std::chrono::seconds kPeriod{60};
  static constexpr std::size_t kFailuresOfId = 5;
  static constexpr std::size_t kFailuresOfAddress = 20;

  // Throws TooManyRequests.
  void begin(const std::string& login_id, const std::string& address, Clock::time_point now);
  void failed(const std::string& address, Clock::time_point now);
  void succeeded(const std::string& login_id);

 private:
  using Times = std::deque<Clock::time_point>;
  using Table = std::unordered_map<std::string, Times>;

  static void check(Table& table, const std::string& key, std::size_t limit, Clock::time_point now);
  void sweep(Clock::time_point now);

  std::mutex mutex_;
  Table ids_;
  Table addresses_;
  Clock::time_point swept_at_{};
};

}  // namespace chat
