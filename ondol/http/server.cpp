#include <ondol/http/server.hpp>

#include <arpa/inet.h>
#include <netdb.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <stdexcept>
#include <utility>

#include <ondol/log/logger.hpp>

namespace ondol::http {
namespace {

constexpr log::Logger kLog{"ondol.http"};

constexpr int kBacklog = 4096;
constexpr int kMaxAcceptsPerEvent = 64;
constexpr std::chrono::milliseconds kPauseWithoutDescriptors{100};

[[noreturn]] void cannot_listen(const ServerOptions& options, const std::string& why) {
  throw std::runtime_error{"cannot listen on " + options.address + ":" + std::to_string(options.port) + ": " + why};
}

std::string address_of(const sockaddr_storage& address) {
  char text[INET6_ADDRSTRLEN] = {};
  if (address.ss_family == AF_INET) {
    ::inet_ntop(AF_INET, &reinterpret_cast<const sockaddr_in&>(address).sin_addr, text, sizeof text);
  } else {
    ::inet_ntop(AF_INET6, &reinterpret_cast<const sockaddr_in6&>(address).sin6_addr, text, sizeof text);
  }
  return text;
}

int listen_on(const ServerOptions& options) {
  addrinfo hints{};
  hints.ai_flags = AI_PASSIVE | AI_NUMERICSERV;
  hints.ai_socktype = SOCK_STREAM;
  addrinfo* found = nullptr;
  const auto service = std::to_string(options.port);
  if (const int error = ::getaddrinfo(options.address.c_str(), service.c_str(), &hints, &found); error != 0) {
    cannot_listen(options, ::gai_strerror(error));
  }
  const std::unique_ptr<addrinfo, decltype(&::freeaddrinfo)> list{found, &::freeaddrinfo};
  const int fd = ::socket(list->ai_family, list->ai_socktype | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
  if (fd < 0) cannot_listen(options, std::strerror(errno));
  const int on = 1;
  ::setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
  if (::bind(fd, list->ai_addr, list->ai_addrlen) != 0 || ::listen(fd, kBacklog) != 0) {
    const std::string why = std::strerror(errno);
    ::close(fd);
    cannot_listen(options, why);
  }
  return fd;
}

std::uint16_t port_of(int fd) {
  sockaddr_storage address{};
  socklen_t size = sizeof address;
  ::getsockname(fd, reinterpret_cast<sockaddr*>(&address), &size);
  return ntohs(address.ss_family == AF_INET ? reinterpret_cast<sockaddr_in&>(address).sin_port
                                            : reinterpret_cast<sockaddr_in6&>(address).sin6_port);
}

}  // namespace

// Lives on the first loop.
class Server::Listener final : private Socket::Events {
 public:
  Listener(Server& server, int fd)
      : server_{server},
        socket_{Loop::current(), fd},
        pause_{[](void* self) { static_cast<Listener*>(self)->socket_.await_readable(); }, this} {
    socket_.set_events(*this);
    socket_.await_readable();
  }

 private:
  void readable() override {
    for (int i = 0; i < kMaxAcceptsPerEvent; ++i) {
      sockaddr_storage address{};
      socklen_t size = sizeof address;
      const int fd = ::accept4(socket_.fd(), reinterpret_cast<sockaddr*>(&address), &size, SOCK_CLOEXEC | SOCK_NONBLOCK);
      if (fd < 0) {
        if (errno == EAGAIN || errno == EWOULDBLOCK) break;
        if (errno == EMFILE || errno == ENFILE || errno == ENOBUFS || errno == ENOMEM) {
          kLog.warn("cannot accept: {}", std::strerror(errno));
          Loop::current().arm(pause_, kPauseWithoutDescriptors);
          return;
        }
        continue;
      }
      Loop& loop = server_.runtime_.next_loop();
      loop.post([&context = server_.context_, max = server_.options_.limits.max_connections / server_.runtime_.size(),
                 fd, remote = address_of(address)] {
        if (Connection::count_here() >= max) {
          ::close(fd);
          return;
        }
        Connection::open(context, fd, remote);
      });
    }
    socket_.await_readable();
  }
  void writable() override {}

  Server& server_;
  Socket socket_;
  Timer pause_;
};

Server::Server(Runtime& runtime, ServerOptions options, Endpoint endpoint)
    : runtime_{runtime}, options_{std::move(options)}, context_{options_.limits, std::move(endpoint)} {}

Server::~Server() = default;

std::uint16_t Server::start() {
  const int fd = listen_on(options_);
  const auto port = port_of(fd);
  runtime_.run_on(runtime_.loop(0), [&] { listener_ = std::make_unique<Listener>(*this, fd); });
  return port;
}

void Server::stop_accepting() {
  runtime_.run_on(runtime_.loop(0), [&] { listener_.reset(); });
}

void Server::drain() {
  for (std::size_t i = 0; i < runtime_.size(); ++i) {
    runtime_.run_on(runtime_.loop(i), [] { Connection::drain_here(); });
  }
}

void Server::close_all() {
  for (std::size_t i = 0; i < runtime_.size(); ++i) {
    runtime_.run_on(runtime_.loop(i), [] { Connection::close_all_here(); });
  }
}

std::size_t Server::connections() {
  std::size_t count = 0;
  for (std::size_t i = 0; i < runtime_.size(); ++i) {
    runtime_.run_on(runtime_.loop(i), [&] { count += Connection::count_here(); });
  }
  return count;
}

}  // namespace ondol::http
