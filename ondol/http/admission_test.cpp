#include <gtest/gtest.h>
#include <sys/socket.h>

#include <chrono>
#include <memory>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include <ondol/http/detail/admission.hpp>
#include <ondol/http/http_test_support.hpp>

namespace ondol::http {
namespace {

using namespace std::chrono_literals;

// LM-14.
TEST(Admission, lets_in_as_many_as_may_be) {
  const auto admission = std::make_shared<Admission>(2, 0);
  auto first = admission->admit("a");
  const auto second = admission->admit("a");
  EXPECT_TRUE(first && second);
  EXPECT_FALSE(admission->admit("b"));
  first.reset();
  EXPECT_TRUE(admission->admit("b"));
  EXPECT_EQ(admission->count(), 1U);
}

TEST(Admission, counts_each_address_by_itself) {
  const auto admission = std::make_shared<Admission>(10, 2);
  std::vector<Admission::Place> places;
  places.push_back(admission->admit("a"));
  places.push_back(admission->admit("a"));
  EXPECT_FALSE(admission->admit("a"));
  places.push_back(admission->admit("b"));
  EXPECT_TRUE(places.back());
  places.erase(places.begin());
  EXPECT_TRUE(admission->admit("a"));
}

TEST(Admission, lives_as_long_as_its_places) {
  auto admission = std::make_shared<Admission>(2, 1);
  auto place = admission->admit("a");
  const std::weak_ptr<Admission> seen = admission;
  admission.reset();
  EXPECT_FALSE(seen.expired());
  place.reset();
  EXPECT_TRUE(seen.expired());
}

// Becomes something that is not HTTP and holds its socket.
Endpoint hold(std::vector<Socket>& held) {
  return [&held](Request&) -> Task<Outcome> {
    Upgrade upgrade{Response{101, {}, ""}, [&held](Socket socket, const std::string&) {
                      held.push_back(std::move(socket));
                    }};
    upgrade.head.headers.add("Connection", "Upgrade");
    upgrade.head.headers.add("Upgrade", "raw");
    co_return upgrade;
  };
}
// The client may have the head before the socket has changed hands.
void close_held(TestServer& test, std::vector<Socket>& held) {
  for (bool closed = false; !closed;) {
    test.runtime.run_on(test.runtime.loop(0), [&] {
      closed = !held.empty();
      held.clear();
    });
  }
}
constexpr const char* kUpgrade = "Connection: Upgrade\r\nUpgrade: raw\r\n";

TEST(Admission, a_connection_that_became_something_else_keeps_its_place) {
  std::vector<Socket> held;
  TestServer test{hold(held), {.max_connections = 1}};
  TestClient first{test.port};
  first.send(get("/", kUpgrade));
  first.read_until("\r\n\r\n");
  EXPECT_EQ(TestClient{test.port}.read_to_end(), "");

  close_held(test, held);
  first.read_to_end();
  TestClient second{test.port};
  second.send(get("/", kUpgrade));
  EXPECT_NE(second.read_until("\r\n\r\n"), "");
  close_held(test, held);
}

TEST(Admission, one_address_has_no_more_than_its_share) {
  TestServer test{echo, {.max_connections_of_one_address = 2}};
  TestClient first{test.port};
  first.send(get("/"));
  EXPECT_EQ(body_of(first.read_response()), "GET / ");
  TestClient second{test.port};
  second.send(get("/"));
  EXPECT_EQ(body_of(second.read_response()), "GET / ");
  EXPECT_EQ(TestClient{test.port}.read_to_end(), "");
}

// A peer that is gone without a word, as behind a cable that was cut: TCP asks, and the connection
// ends although nothing is ever written to it.
TEST(HalfOpen, a_peer_that_vanished_is_found_by_keep_alive) {
  TestServer test{echo, {.tcp_keep_alive = 1s}};
  TestClient client{test.port};
  client.send(get("/"));
  client.read_response();
  if (!client.vanish()) GTEST_SKIP() << "it takes CAP_NET_ADMIN to vanish";
  EXPECT_EQ(test.server.connections(), 1U);
  for (int i = 0; i < 1000 && test.server.connections() > 0; ++i) std::this_thread::sleep_for(10ms);
  EXPECT_EQ(test.server.connections(), 0U);
}

TEST(HalfOpen, a_peer_that_is_silent_but_there_stays) {
  TestServer test{echo, {.tcp_keep_alive = 1s}};
  TestClient client{test.port};
  client.send(get("/"));
  client.read_response();
  std::this_thread::sleep_for(2500ms);
  EXPECT_EQ(test.server.connections(), 1U);
}

}  // namespace
}  // namespace ondol::http
