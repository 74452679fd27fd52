#pragma once

#include <chrono>
#include <cstdint>
#include <string>

#include <sys/socket.h>

namespace ondol::http {

struct Listening {
  int fd = -1;  // non-blocking; the caller's to close
  std::uint16_t port = 0;
};

// Throws std::runtime_error that names address, port and reason. `keep_alive` is of the connections
// that come (Limits::tcp_keep_alive).
Listening listen_on(const std::string& address, std::uint16_t port,
                    std::chrono::milliseconds keep_alive);

// Numeric, without the port; an IPv4 address that came over IPv6 is shown as IPv4.
std::string address_of(const sockaddr_storage& address);

}  // namespace ondol::http
