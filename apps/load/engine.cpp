#include <apps/load/engine.hpp>

#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <chrono>
#include <cstring>
#include <stdexcept>

namespace load {
namespace {

constexpr std::size_t kReadBuffer = 524'288;
constexpr std::size_t kMaxEvents = 512;

}  // namespace

Connection::~Connection() {
  close();
}

void Connection::open(const std::string& host, std::uint16_t port, int source) {
  fd_ = ::socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
  if (fd_ < 0) return lost(std::string{"socket: "} + std::strerror(errno));
  const int on = 1;
  ::setsockopt(fd_, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(port);
  if (::inet_pton(AF_INET, host.c_str(), &address.sin_addr) != 1) {
    throw std::runtime_error{"not an IPv4 address: " + host};
  }
  if (source >= 0) {
    ::setsockopt(fd_, IPPROTO_IP, IP_BIND_ADDRESS_NO_PORT, &on, sizeof on);
    sockaddr_in own{};
    own.sin_family = AF_INET;
    own.sin_addr.s_addr = htonl(INADDR_LOOPBACK + 1 + static_cast<std::uint32_t>(source));
    if (::bind(fd_, reinterpret_cast<const sockaddr*>(&own), sizeof own) != 0) {
      return end(std::string{"bind: "} + std::strerror(errno));
    }
  }
  connecting_ = true;
  epoll_event event{.events = EPOLLIN | EPOLLOUT, .data = {.ptr = this}};
  if (::connect(fd_, reinterpret_cast<sockaddr*>(&address), sizeof address) != 0 &&
      errno != EINPROGRESS) {
    return end(std::string{"connect: "} + std::strerror(errno));
  }
  if (::epoll_ctl(engine_.epoll_, EPOLL_CTL_ADD, fd_, &event) != 0) {
    return end(std::string{"epoll_ctl: "} + std::strerror(errno));
  }
  wants_writable_ = true;
}

void Connection::write(std::string_view octets) {
  if (fd_ < 0) return;
  out_ += octets;
  if (!queued_ && !connecting_ && !wants_writable_) {
    queued_ = true;
    engine_.to_flush_.push_back(this);
  }
}

void Connection::stop_reading() {
  reading_ = false;
  epoll_event event{.events = wants_writable_ ? static_cast<std::uint32_t>(EPOLLOUT) : 0U,
                    .data = {.ptr = this}};
  if (fd_ >= 0) ::epoll_ctl(engine_.epoll_, EPOLL_CTL_MOD, fd_, &event);
}

void Connection::close(bool reset) {
  if (fd_ < 0) return;
  if (reset) {
    const linger now{.l_onoff = 1, .l_linger = 0};
    ::setsockopt(fd_, SOL_SOCKET, SO_LINGER, &now, sizeof now);
  }
  ::close(fd_);
  fd_ = -1;
  if (queued_) std::erase(engine_.to_flush_, this);
  queued_ = false;
  engine_.gone_.push_back(this);
}

void Connection::end(const std::string& why) {
  close();
  lost(why);
}

void Connection::ready(std::uint32_t events) {
  if (connecting_ && (events & (EPOLLOUT | EPOLLERR | EPOLLHUP)) != 0) {
    int error = 0;
    socklen_t size = sizeof error;
    ::getsockopt(fd_, SOL_SOCKET, SO_ERROR, &error, &size);
    if (error != 0) return end(std::string{"connect: "} + std::strerror(error));
    connecting_ = false;
    connected();
    if (fd_ < 0) return;
  }
  if (wants_writable_ && (events & EPOLLOUT) != 0) flush();
  if (fd_ >= 0 && reading_ && (events & (EPOLLIN | EPOLLERR | EPOLLHUP)) != 0) read();
}

void Connection::read() {
  char* const buffer = engine_.buffer_.data();
  std::size_t kept = rest_.size();
  if (kept > 0) std::memcpy(buffer, rest_.data(), kept);
  if (kept == engine_.buffer_.size()) return end("a message larger than the generator takes");
  const auto n = ::recv(fd_, buffer + kept, engine_.buffer_.size() - kept, 0);
  if (n < 0 && (errno == EAGAIN || errno == EINTR)) return;
  if (n <= 0) return end(n == 0 ? "closed by the server" : std::strerror(errno));
  const std::string_view all{buffer, kept + static_cast<std::size_t>(n)};
  const auto used = received(all);
  if (fd_ < 0) return;
  if (used < all.size()) {
    rest_.assign(all.substr(used));
  } else {
    rest_.clear();
  }
}

void Connection::flush() {
  while (!out_.empty()) {
    const auto n = ::send(fd_, out_.data(), out_.size(), MSG_NOSIGNAL);
    if (n < 0) {
      if (errno == EINTR) continue;
      if (errno != EAGAIN) return end(std::strerror(errno));
      break;
    }
    out_.erase(0, static_cast<std::size_t>(n));
  }
  const bool wants = !out_.empty();
  if (wants == wants_writable_) return;
  wants_writable_ = wants;
  epoll_event event{.events = (reading_ ? static_cast<std::uint32_t>(EPOLLIN) : 0U) |
                              (wants ? static_cast<std::uint32_t>(EPOLLOUT) : 0U),
                    .data = {.ptr = this}};
  ::epoll_ctl(engine_.epoll_, EPOLL_CTL_MOD, fd_, &event);
}

Engine::Engine() : epoll_{::epoll_create1(EPOLL_CLOEXEC)}, buffer_(kReadBuffer) {
  if (epoll_ < 0) throw std::runtime_error{"epoll_create1"};
}

Engine::~Engine() {
  ::close(epoll_);
}

std::uint64_t Engine::now() {
  return static_cast<std::uint64_t>(
      std::chrono::nanoseconds{std::chrono::steady_clock::now().time_since_epoch()}.count());
}

bool Engine::run_until(const std::function<bool()>& done, std::uint64_t deadline) {
  while (!done()) {
    if (now() >= deadline) return false;
    turn(deadline);
  }
  return true;
}

void Engine::turn(std::uint64_t deadline) {
  const auto begin = now();
  auto until = deadline;
  if (!timers_.empty()) until = std::min(until, timers_.begin()->first);
  // Rounded down: better awake too early than a message late.
  const auto wait = until <= begin ? 0 : std::min<std::uint64_t>((until - begin) / 1'000'000, 100);
  std::array<epoll_event, kMaxEvents> events;
  gone_.clear();
  const int n = ::epoll_wait(epoll_, events.data(), events.size(), static_cast<int>(wait));
  for (int i = 0; i < n; ++i) {
    auto* const connection = static_cast<Connection*>(events[static_cast<std::size_t>(i)].data.ptr);
    if (!gone_.empty() && std::ranges::find(gone_, connection) != gone_.end()) continue;
    connection->ready(events[static_cast<std::size_t>(i)].events);
  }
  for (auto current = now(); !timers_.empty() && timers_.begin()->first <= current;) {
    auto work = std::move(timers_.begin()->second);
    timers_.erase(timers_.begin());
    work();
  }
  for (std::size_t i = 0; i < to_flush_.size(); ++i) {
    Connection* const connection = to_flush_[i];
    connection->queued_ = false;
    if (connection->is_open()) connection->flush();
  }
  to_flush_.clear();
}

}  // namespace load
