#include <ondol/runtime/socket.hpp>

#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cerrno>
#include <exception>
#include <memory>
#include <utility>

#include <ondol/log/logger.hpp>
#include <ondol/runtime/detail/poller.hpp>
#include <ondol/runtime/detail/socket_state.hpp>
#include <ondol/runtime/loop.hpp>

namespace ondol {
namespace {

constexpr log::Logger kLog{"ondol.runtime"};

// What one socket's owner throws does not keep the others from being called.
template <class Call>
void guarded(Call&& call) noexcept {
  try {
    call();
  } catch (const std::exception& e) {
    kLog.error("uncaught exception of a socket's owner: {}", e.what());
  } catch (...) {
    kLog.error("uncaught exception of unknown type of a socket's owner");
  }
}

}  // namespace

void Socket::State::happened(std::uint32_t what) {
  if ((what & (EPOLLRDHUP | EPOLLHUP | EPOLLERR)) != 0) ended = true;
  if ((what & EPOLLIN) != 0 || ended) {
    readable = true;
    call_readable();
  }
  if ((what & (EPOLLOUT | EPOLLHUP | EPOLLERR)) != 0 && events && awaits_writable) {
    awaits_writable = false;
    guarded([&] { events->writable(); });
  }
}

void Socket::State::call_readable() {
  if (!events || !awaits_readable) return;
  awaits_readable = false;
  guarded([&] { events->readable(); });
}

Socket::Socket(Loop& loop, int fd) {
  ::fcntl(fd, F_SETFL, ::fcntl(fd, F_GETFL) | O_NONBLOCK);
  const int on = 1;
  ::setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
  auto state = std::make_unique<State>(loop, fd);
  try {
    loop.poller().add(*state);
  } catch (...) {
    ::close(fd);
    throw;
  }
  state_ = state.release();
}

Socket::Socket(Socket&& other) noexcept : state_{std::exchange(other.state_, nullptr)} {}

Socket& Socket::operator=(Socket&& other) noexcept {
  if (this != &other) {
    close();
    state_ = std::exchange(other.state_, nullptr);
  }
  return *this;
}

Socket::~Socket() {
  close();
}

void Socket::take_place(Place& place) {
  state_->place = &place;
}

void Socket::set_events(Events& events) {
  state_->events = &events;
}

void Socket::await_readable() {
  if (!state_) return;
  state_->awaits_readable = true;
  if (state_->readable && !state_->called_again) {
    state_->called_again = true;
    state_->loop.poller().call_again(*state_);
  }
}

void Socket::await_writable() {
  if (state_) state_->awaits_writable = true;
}

ssize_t Socket::read(char* to, std::size_t size) {
  const auto n = ::recv(fd(), to, size, 0);
  const bool nothing = n < 0 && (errno == EAGAIN || errno == EWOULDBLOCK);
  // A short read of a stream empties it; what comes later is told anew.
  if (nothing || (n > 0 && static_cast<std::size_t>(n) < size)) drained();
  return n;
}

void Socket::drained() {
  if (state_) state_->readable = state_->ended;
}

int Socket::fd() const {
  return state_ ? state_->fd : -1;
}

void Socket::shutdown_send() {
  if (state_) ::shutdown(fd(), SHUT_WR);
}

void Socket::close() {
  if (!state_) return;
  State& state = *std::exchange(state_, nullptr);
  state.events = nullptr;
  ::close(state.fd);
  if (auto* const place = std::exchange(state.place, nullptr)) place->left();
  state.loop.poller().retire(state);
}

}  // namespace ondol
