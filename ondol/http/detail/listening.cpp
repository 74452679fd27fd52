#include <ondol/http/detail/listening.hpp>

#include <arpa/inet.h>
#include <netdb.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <memory>
#include <stdexcept>
#include <string_view>
#include <system_error>

namespace ondol::http {
namespace {

constexpr int kBacklog = 4'096;
constexpr int kSecondsBetweenQuestions = 10;
constexpr int kQuestions = 3;

[[noreturn]] void cannot_listen(const std::string& address, std::uint16_t port,
                                const std::string& why) {
  const bool brackets = address.find(':') != std::string::npos;
  throw std::runtime_error{"cannot listen on " + (brackets ? '[' + address + ']' : address) + ':' +
                           std::to_string(port) + ": " + why};
}

std::string text_of(int error) {
  return std::generic_category().message(error);
}

std::uint16_t port_of(int fd) {
  sockaddr_storage address{};
  socklen_t size = sizeof address;
  ::getsockname(fd, reinterpret_cast<sockaddr*>(&address), &size);
  return ntohs(address.ss_family == AF_INET ? reinterpret_cast<sockaddr_in&>(address).sin_port
                                            : reinterpret_cast<sockaddr_in6&>(address).sin6_port);
}

// What is accepted inherits this.
void ask_after_silence(int fd, std::chrono::milliseconds silence) {
  const int on = 1;
  const int idle = static_cast<int>(std::chrono::ceil<std::chrono::seconds>(silence).count());
  ::setsockopt(fd, SOL_SOCKET, SO_KEEPALIVE, &on, sizeof on);
  ::setsockopt(fd, IPPROTO_TCP, TCP_KEEPIDLE, &idle, sizeof idle);
  ::setsockopt(fd, IPPROTO_TCP, TCP_KEEPINTVL, &kSecondsBetweenQuestions,
               sizeof kSecondsBetweenQuestions);
  ::setsockopt(fd, IPPROTO_TCP, TCP_KEEPCNT, &kQuestions, sizeof kQuestions);
}

}  // namespace

Listening listen_on(const std::string& address, std::uint16_t port,
                    std::chrono::milliseconds keep_alive) {
  addrinfo hints{};
  hints.ai_flags = AI_PASSIVE | AI_NUMERICSERV;
  hints.ai_socktype = SOCK_STREAM;
  addrinfo* found = nullptr;
  const auto service = std::to_string(port);
  const int unknown = ::getaddrinfo(address.c_str(), service.c_str(), &hints, &found);
  if (unknown != 0) cannot_listen(address, port, ::gai_strerror(unknown));
  const std::unique_ptr<addrinfo, decltype(&::freeaddrinfo)> list{found, &::freeaddrinfo};
  const int fd = ::socket(list->ai_family, list->ai_socktype | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
  if (fd < 0) cannot_listen(address, port, text_of(errno));
  // A restart must not wait for the connections of the process before it.
  const int on = 1;
  ::setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
  if (keep_alive.count() > 0) ask_after_silence(fd, keep_alive);
  if (::bind(fd, list->ai_addr, list->ai_addrlen) != 0 || ::listen(fd, kBacklog) != 0) {
    const int error = errno;
    ::close(fd);
    cannot_listen(address, port, text_of(error));
  }
  return {fd, port_of(fd)};
}

std::string address_of(const sockaddr_storage& address) {
  char text[INET6_ADDRSTRLEN] = {};
  if (address.ss_family == AF_INET) {
    const auto& v4 = reinterpret_cast<const sockaddr_in&>(address);
    ::inet_ntop(AF_INET, &v4.sin_addr, text, sizeof text);
  } else if (address.ss_family == AF_INET6) {
    const auto& v6 = reinterpret_cast<const sockaddr_in6&>(address);
    ::inet_ntop(AF_INET6, &v6.sin6_addr, text, sizeof text);
  }
  std::string_view shown = text;
  constexpr std::string_view kMapped = "::ffff:";
  if (shown.starts_with(kMapped) && shown.find('.') != std::string_view::npos) {
    shown.remove_prefix(kMapped.size());
  }
  return std::string{shown};
}

}  // namespace ondol::http
