#pragma once

#include <cstddef>
#include <memory>
#include <mutex>
#include <string>
#include <unordered_map>

#include <ondol/runtime/socket.hpp>

namespace ondol::http {

// Who may connect (LM-14). A socket has its place from its accept until it is closed, whatever it
// becomes meanwhile: a WebSocket counts like a request. From any thread; lives as long as one of
// its places.
class Admission : public std::enable_shared_from_this<Admission> {
 public:
  struct Leave {
    void operator()(Socket::Place* place) const { place->left(); }
  };
  using Place = std::unique_ptr<Socket::Place, Leave>;

  // `of_one_address` 0: no limit.
  Admission(std::size_t all, std::size_t of_one_address);
  ~Admission();

  // Empty: there are as many as may be.
  Place admit(const std::string& address);
  std::size_t count() const;

 private:
  // One for all sockets of an address; without a limit for addresses one for all.
  class Shared;

  void left(Shared& place);

  const std::size_t max_all_;
  const std::size_t max_of_one_;
  mutable std::mutex mutex_;
  std::size_t all_ = 0;
  std::unordered_map<std::string, std::unique_ptr<Shared>> by_address_;
};

}  // namespace ondol::http
