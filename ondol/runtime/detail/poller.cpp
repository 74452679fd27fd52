#include <ondol/runtime/detail/poller.hpp>

#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstdint>
#include <system_error>
#include <utility>

#include <ondol/runtime/detail/socket_state.hpp>

namespace ondol {
namespace {

constexpr std::size_t kMaxEvents = 256;  // of one call

[[noreturn]] void fail(const char* what) {
  throw std::system_error{errno, std::generic_category(), what};
}

// Rounded up: who is woken early only sleeps again.
int milliseconds_until(std::chrono::steady_clock::time_point until) {
  const auto left =
      std::chrono::ceil<std::chrono::milliseconds>(until - std::chrono::steady_clock::now());
  return static_cast<int>(std::clamp<std::int64_t>(left.count(), 0, 60'000));
}

}  // namespace

Poller::Poller() : epoll_{::epoll_create1(EPOLL_CLOEXEC)} {
  if (epoll_ < 0) fail("epoll_create1");
  wake_ = ::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
  epoll_event event{.events = EPOLLIN | EPOLLET, .data = {.ptr = nullptr}};
  if (wake_ < 0 || ::epoll_ctl(epoll_, EPOLL_CTL_ADD, wake_, &event) != 0) {
    const int error = errno;
    if (wake_ >= 0) ::close(wake_);
    ::close(epoll_);
    errno = error;
    fail("eventfd");
  }
}

Poller::~Poller() {
  for (const auto* socket : retired_) delete socket;
  ::close(wake_);
  ::close(epoll_);
}

void Poller::add(Socket::State& socket) {
  epoll_event event{.events = EPOLLIN | EPOLLOUT | EPOLLRDHUP | EPOLLET, .data = {.ptr = &socket}};
  if (::epoll_ctl(epoll_, EPOLL_CTL_ADD, socket.fd, &event) != 0) fail("epoll_ctl");
}

void Poller::retire(Socket::State& socket) {
  if (socket.called_again) std::erase(again_, &socket);
  retired_.push_back(&socket);
}

void Poller::wake() {
  const std::uint64_t one = 1;
  // A full counter wakes as well.
  [[maybe_unused]] const auto n = ::write(wake_, &one, sizeof one);
}

bool Poller::wait(std::optional<std::chrono::steady_clock::time_point> until) {
  int time = -1;
  if (!again_.empty() || until == std::chrono::steady_clock::time_point{}) {
    time = 0;
  } else if (until) {
    time = milliseconds_until(*until);
  }
  std::array<epoll_event, kMaxEvents> events;
  const int n = ::epoll_wait(epoll_, events.data(), events.size(), time);
  calling_.swap(again_);
  for (auto* socket : calling_) {
    socket->called_again = false;
    socket->call_readable();
  }
  calling_.clear();
  for (int i = 0; i < n; ++i) {
    auto* const socket = static_cast<Socket::State*>(events[static_cast<std::size_t>(i)].data.ptr);
    if (socket) socket->happened(events[static_cast<std::size_t>(i)].events);
  }
  if (!retired_.empty()) {
    for (const auto* socket : std::exchange(retired_, {})) delete socket;
  }
  return n > 0;
}

}  // namespace ondol
