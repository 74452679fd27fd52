#include <apps/chat/member/login_throttle.hpp>

#include <apps/chat/errors/chat_errors.hpp>

namespace chat {

void LoginThrottle::begin(const std::string& login_id, const std::string& address,
                          Clock::time_point now) {
  const std::lock_guard lock{mutex_};
  sweep(now);
  check(addresses_, address, kFailuresOfAddress, now);
  check(ids_, login_id, kFailuresOfId, now);
  ids_[login_id].push_back(now);
}

void LoginThrottle::failed(const std::string& address, Clock::time_point now) {
  const std::lock_guard lock{mutex_};
  addresses_[address].push_back(now);
}

void LoginThrottle::succeeded(const std::string& login_id) {
  const std::lock_guard lock{mutex_};
  ids_.erase(login_id);
}

void LoginThrottle::check(Table& table, const std::string& key, std::size_t limit,
                          Clock::time_point now) {
  const auto found = table.find(key);
  if (found == table.end()) return;
  Times& times = found->second;
  while (!times.empty() && now - times.front() >= kPeriod) times.pop_front();
  if (times.size() < limit) return;
  const auto wait = std::chrono::ceil<std::chrono::seconds>(times.front() + kPeriod - now);
  throw TooManyRequests{static_cast<int>(wait.count())};
}

void LoginThrottle::sweep(Clock::time_point now) {
  if (now - swept_at_ < kPeriod) return;
  swept_at_ = now;
  const auto is_over = [now](const auto& entry) {
    return entry.second.empty() || now - entry.second.back() >= kPeriod;
  };
  std::erase_if(ids_, is_over);
  std::erase_if(addresses_, is_over);
}

}  // namespace chat
