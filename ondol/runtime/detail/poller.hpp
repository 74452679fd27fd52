#pragma once

#include <chrono>
#include <optional>
#include <vector>

#include <ondol/runtime/socket.hpp>

namespace ondol {

// The readiness of one loop's sockets: epoll, edge-triggered, each socket registered once for its
// whole life, so that neither reading nor writing costs a call besides its own. Used by its loop,
// except wake().
class Poller {
 public:
  Poller();
  ~Poller();
  Poller(const Poller&) = delete;
  Poller& operator=(const Poller&) = delete;

  // Throws std::system_error when the kernel has no room for it.
  void add(Socket::State& socket);
  // Calls again in the next turn: there is more to read than was read.
  void call_again(Socket::State& socket) { again_.push_back(&socket); }
  // Deletes it when nothing of this turn can name it any more.
  void retire(Socket::State& socket);

  // Waits until something is ready, wake() was called or the time is there; no time: for ever. Then
  // calls the sockets' events. Answers whether there was something.
  bool wait(std::optional<std::chrono::steady_clock::time_point> until);

  // From any thread: wait() returns, now or when it is called next.
  void wake();

 private:
  int epoll_ = -1;
  int wake_ = -1;
  std::vector<Socket::State*> again_;
  std::vector<Socket::State*> calling_;
  std::vector<Socket::State*> retired_;
};

}  // namespace ondol
