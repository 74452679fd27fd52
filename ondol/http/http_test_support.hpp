#pragma once

#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

#include <algorithm>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>

#include <gtest/gtest.h>

#include <ondol/base/text.hpp>
#include <ondol/http/server.hpp>
#include <ondol/runtime/runtime.hpp>

namespace ondol::http {

// A blocking client of 127.0.0.1. What it waits for comes within five seconds, or the test fails.
class TestClient {
 public:
  enum class Connect { now, later };

  explicit TestClient(std::uint16_t port, Connect when = Connect::now)
      : fd_{::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)}, port_{port} {
    const timeval patience{5, 0};
    ::setsockopt(fd_, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
    ::setsockopt(fd_, SOL_SOCKET, SO_SNDTIMEO, &patience, sizeof patience);
    // Pieces are sent as they are cut, not gathered.
    const int on = 1;
    ::setsockopt(fd_, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    if (when == Connect::now) connect();
  }
  TestClient(const TestClient&) = delete;
  TestClient& operator=(const TestClient&) = delete;
  ~TestClient() { close(); }

  void connect() {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(port_);
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    connected_ = ::connect(fd_, reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0;
  }
  bool connected() const { return connected_; }
  int fd() const { return fd_; }

  bool send(std::string_view octets) {
    while (!octets.empty()) {
      const auto n = ::send(fd_, octets.data(), octets.size(), MSG_NOSIGNAL);
      if (n <= 0) return false;
      octets.remove_prefix(static_cast<std::size_t>(n));
    }
    return true;
  }

  // Up to and with the text; what came when it never does.
  std::string read_until(std::string_view text) {
    while (pending_.find(text) == std::string::npos && receive()) {
    }
    const auto at = pending_.find(text);
    return take(at == std::string::npos ? pending_.size() : at + text.size());
  }

  std::string read(std::size_t octets) {
    while (pending_.size() < octets && receive()) {
    }
    return take(std::min(octets, pending_.size()));
  }

  // Head and body; the body as long as Content-Length says.
  std::string read_response() {
    auto head = read_until("\r\n\r\n");
    constexpr std::string_view kName = "Content-Length: ";
    const auto at = head.find(kName);
    if (at == std::string::npos) return head;
    const auto begin = at + kName.size();
    const auto length =
        parse_number<std::size_t>(head.substr(begin, head.find('\r', begin) - begin));
    return head + read(length.value_or(0));
  }

  // All that comes until the server ends the connection in good order.
  std::string read_to_end() {
    while (receive()) {
    }
    EXPECT_TRUE(ended_) << "reset, or still open";
    return take(pending_.size());
  }

  bool ended() const { return ended_; }
  void finish_sending() { ::shutdown(fd_, SHUT_WR); }

  // With a reset instead of an orderly end.
  void reset() {
    const linger now{1, 0};
    ::setsockopt(fd_, SOL_SOCKET, SO_LINGER, &now, sizeof now);
    close();
  }
  // Without FIN or reset, as when the cable is cut. False: the system does not let us.
  bool vanish() {
    const int on = 1;
    if (::setsockopt(fd_, IPPROTO_TCP, TCP_REPAIR, &on, sizeof on) != 0) return false;
    close();
    return true;
  }
  void close() {
    if (fd_ >= 0) ::close(std::exchange(fd_, -1));
  }

 private:
  bool receive() {
    char buffer[65'536];
    const auto n = ::recv(fd_, buffer, sizeof buffer, 0);
    if (n == 0) ended_ = true;
    if (n <= 0) return false;
    pending_.append(buffer, static_cast<std::size_t>(n));
    return true;
  }
  std::string take(std::size_t octets) {
    auto taken = pending_.substr(0, octets);
    pending_.erase(0, octets);
    return taken;
  }

  int fd_;
  std::uint16_t port_;
  bool connected_ = false;
  bool ended_ = false;
  std::string pending_;
};

inline std::string get(std::string_view path, std::string_view fields = "") {
  return "GET " + std::string{path} + " HTTP/1.1\r\nHost: a\r\n" + std::string{fields} + "\r\n";
}

inline std::string post(std::string_view path, std::string_view body) {
  return "POST " + std::string{path} +
         " HTTP/1.1\r\nHost: a\r\nContent-Length: " + std::to_string(body.size()) + "\r\n\r\n" +
         std::string{body};
}

inline std::string status_line_of(std::string_view response) {
  return std::string{response.substr(0, response.find('\r'))};
}

inline std::string body_of(std::string_view response) {
  const auto end = response.find("\r\n\r\n");
  return std::string{end == std::string_view::npos ? "" : response.substr(end + 4)};
}

inline bool has(std::string_view text, std::string_view part) {
  return text.find(part) != std::string_view::npos;
}

// Answers with method, target and body of the request.
inline Task<Outcome> echo(Request& request) {
  co_return Response{200, {}, request.method_name + ' ' + request.target + ' ' + request.body};
}

// A server of one test, on a free port of the loopback.
class TestServer {
 public:
  explicit TestServer(Endpoint endpoint = echo, const Limits& limits = {}, std::size_t loops = 1)
      : runtime{{.loops = loops, .workers = {.threads = 1, .max_queued = 10}}},
        server{
            runtime, {.address = "127.0.0.1", .port = 0, .limits = limits}, std::move(endpoint)} {
    runtime.start();
    port = server.start();
  }

  // The whole answer to octets after which the server closes.
  std::string last_answer_to(std::string_view octets) {
    TestClient client{port};
    EXPECT_TRUE(client.send(octets));
    return client.read_to_end();
  }

  Runtime runtime;
  Server server;
  std::uint16_t port = 0;
};

}  // namespace ondol::http
