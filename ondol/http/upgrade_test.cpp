#include <gtest/gtest.h>
#include <sys/socket.h>

#include <memory>
#include <string>
#include <utility>

#include <ondol/http/http_test_support.hpp>

namespace ondol::http {
namespace {

// Echoes octets in place of HTTP.
struct RawEcho : Socket::Events {
  void begin(Socket taken, const std::string& already_read) {
    socket = std::move(taken);
    socket.set_events(*this);
    ::send(socket.fd(), already_read.data(), already_read.size(), MSG_NOSIGNAL);
    socket.await_readable();
  }
  void readable() override {
    char buffer[100];
    const auto n = socket.read(buffer, sizeof buffer);
    if (n > 0) ::send(socket.fd(), buffer, static_cast<std::size_t>(n), MSG_NOSIGNAL);
    if (n != 0) socket.await_readable();
  }
  void writable() override {}
  Socket socket;
};

TEST(Upgrade, an_upgraded_socket_changes_hands_with_what_was_read) {
  auto raw = std::make_unique<RawEcho>();
  TestServer test{[&](Request&) -> Task<Outcome> {
    Upgrade upgrade{Response{101, {}, ""}, [&](Socket socket, const std::string& already_read) {
                      raw->begin(std::move(socket), already_read);
                    }};
    upgrade.head.headers.add("Connection", "Upgrade");
    upgrade.head.headers.add("Upgrade", "raw");
    co_return upgrade;
  }};
  TestClient client{test.port};
  client.send(get("/", "Connection: Upgrade\r\nUpgrade: raw\r\n") + "early");
  const auto head = client.read_until("\r\n\r\n");
  EXPECT_EQ(status_line_of(head), "HTTP/1.1 101 Switching Protocols");
  EXPECT_TRUE(has(head, "\r\nConnection: Upgrade\r\nUpgrade: raw\r\n"));
  EXPECT_FALSE(has(head, "Content-Length"));
  EXPECT_EQ(client.read(5), "early");
  client.send("late");
  EXPECT_EQ(client.read(4), "late");
  EXPECT_EQ(test.server.connections(), 0U);
  test.runtime.run_on(test.runtime.loop(0), [&] { raw.reset(); });
}

TEST(Upgrade, an_upgrade_that_is_answered_with_a_response_stays_http) {
  TestServer test;
  TestClient client{test.port};
  client.send(get("/1", "Connection: Upgrade\r\nUpgrade: websocket\r\n") + get("/2"));
  EXPECT_EQ(body_of(client.read_response()), "GET /1 ");
  EXPECT_EQ(body_of(client.read_response()), "GET /2 ");
}

}  // namespace
}  // namespace ondol::http
