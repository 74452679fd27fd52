#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace load {

// The little of ondol-chat's REST API that a load needs; blocking. Throws std::runtime_error with
// the server's answer when something is refused.
class ChatApi {
 public:
  ChatApi(std::string host, std::uint16_t port) : host_{std::move(host)}, port_{port} {}

  struct Member {
    std::int64_t id = 0;
    std::string token;
  };
  // Signs up, if need be, and logs in.
  Member member(const std::string& login_id);
  std::int64_t group(const Member& owner, const std::vector<std::int64_t>& members);

 private:
  struct Answer {
    int status = 0;
    std::string body;
  };
  Answer post(const std::string& path, const std::string& body, const std::string& token) const;

  std::string host_;
  std::uint16_t port_;
};

}  // namespace load
