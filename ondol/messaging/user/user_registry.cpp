#include <ondol/messaging/user/user_registry.hpp>

#include <mutex>

namespace ondol::messaging {

void UserRegistry::add(const std::string& user, const std::string& session_id) {
  const std::unique_lock lock{mutex_};
  users_[user].push_back(session_id);
}

void UserRegistry::remove(const std::string& user, const std::string& session_id) {
  const std::unique_lock lock{mutex_};
  const auto found = users_.find(user);
  if (found == users_.end()) return;
  std::erase(found->second, session_id);
  if (found->second.empty()) users_.erase(found);
}

std::vector<std::string> UserRegistry::sessions_of(const std::string& user) const {
  const std::shared_lock lock{mutex_};
  const auto found = users_.find(user);
  return found == users_.end() ? std::vector<std::string>{} : found->second;
}

std::size_t UserRegistry::user_count() const {
  const std::shared_lock lock{mutex_};
  return users_.size();
}

}  // namespace ondol::messaging
