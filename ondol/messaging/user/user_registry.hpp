#pragma once

#include <cstddef>
#include <shared_mutex>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace ondol::messaging {

// Who is here, with which sessions (messaging.md 5.3). Shared by all loops behind one lock: written
// when a session begins or ends, read for messages to a user.
class UserRegistry {
 public:
  void add(const std::string& user, const std::string& session_id);
  void remove(const std::string& user, const std::string& session_id);

  std::vector<std::string> sessions_of(const std::string& user) const;
  std::size_t user_count() const;

 private:
  mutable std::shared_mutex mutex_;
  std::unordered_map<std::string, std::vector<std::string>> users_;
};

}  // namespace ondol::messaging
