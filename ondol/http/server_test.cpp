#include <gtest/gtest.h>
#include <sys/resource.h>

#include <chrono>
#include <coroutine>
#include <future>
#include <memory>
#include <mutex>
#include <set>
#include <stdexcept>
#include <string>
#include <vector>

#include <ondol/http/http_test_support.hpp>
#include <ondol/log/logger.hpp>

namespace ondol::http {
namespace {

using namespace std::chrono_literals;

TEST(Server, names_the_address_that_it_cannot_have) {
  TestServer test;
  Server second{test.runtime, {.address = "127.0.0.1", .port = test.port}, echo};
  try {
    second.start();
    ADD_FAILURE() << "two servers on one port";
  } catch (const std::runtime_error& e) {
    const auto expected = "cannot listen on 127.0.0.1:" + std::to_string(test.port) + ": ";
    EXPECT_TRUE(std::string_view{e.what()}.starts_with(expected)) << e.what();
  }
}

TEST(Server, names_an_address_that_does_not_exist) {
  TestServer test;
  Server server{test.runtime, {.address = "not an address", .port = 1}, echo};
  EXPECT_THROW(server.start(), std::runtime_error);
}

TEST(Server, gives_connections_to_all_loops) {
  std::mutex mutex;
  std::set<std::size_t> seen;
  TestServer test{[&](Request& request) {
                    const std::lock_guard lock{mutex};
                    seen.insert(Loop::current().index());
                    return echo(request);
                  },
                  {},
                  2};
  for (int i = 0; i < 4; ++i) {
    TestClient client{test.port};
    client.send(get("/"));
    EXPECT_EQ(body_of(client.read_response()), "GET / ");
  }
  EXPECT_EQ(seen.size(), 2U);
}

TEST(Server, closes_a_connection_above_the_limit_at_once) {
  TestServer test{echo, {.max_connections = 1}};
  auto first = std::make_unique<TestClient>(test.port);
  first->send(get("/"));
  first->read_response();
  TestClient second{test.port};
  EXPECT_EQ(second.read_to_end(), "");

  first->send(get("/"));
  EXPECT_EQ(body_of(first->read_response()), "GET / ");
}

TEST(Server, after_it_stopped_accepting_the_port_is_free) {
  TestServer test;
  TestClient open{test.port};
  open.send(get("/1"));
  open.read_response();
  test.server.stop_accepting();

  EXPECT_FALSE(TestClient{test.port}.connected());
  open.send(get("/2"));
  EXPECT_EQ(body_of(open.read_response()), "GET /2 ");
  Server second{test.runtime, {.address = "127.0.0.1", .port = test.port}, echo};
  EXPECT_EQ(second.start(), test.port);
}

TEST(Server, a_drain_closes_idle_connections_at_once_and_busy_ones_behind_their_response) {
  std::promise<void> reached;
  std::function<void()> open_gate;
  TestServer test{[&](Request& request) -> Task<Outcome> {
                    if (request.path == "/gate") {
                      Loop* const loop = &Loop::current();
                      auto wait = [&, loop](std::coroutine_handle<> waiting) {
                        open_gate = [loop, waiting] {
                          loop->post([waiting] { waiting.resume(); });
                        };
                        reached.set_value();
                      };
                      SuspendWith suspend{std::move(wait)};
                      co_await suspend;
                    }
                    co_return Response{200, {}, "done"};
                  },
                  {},
                  2};
  TestClient busy{test.port};
  busy.send(get("/gate"));
  reached.get_future().wait();
  TestClient idle{test.port};
  idle.send(get("/"));
  idle.read_response();

  std::promise<void> drained;
  auto none_left = drained.get_future();
  test.server.drain([&] { drained.set_value(); });
  EXPECT_EQ(idle.read_to_end(), "");
  EXPECT_EQ(TestClient{test.port}.read_to_end(), "") << "new ones are closed";
  EXPECT_EQ(none_left.wait_for(0s), std::future_status::timeout);

  open_gate();
  const auto response = busy.read_to_end();
  EXPECT_TRUE(has(response, "\r\nConnection: close\r\n"));
  EXPECT_EQ(body_of(response), "done");
  busy.close();
  EXPECT_EQ(none_left.wait_for(5s), std::future_status::ready);
  EXPECT_EQ(test.server.connections(), 0U);
}

TEST(Server, a_drain_of_nothing_is_done_at_once) {
  TestServer test;
  bool done = false;
  test.server.drain([&] { done = true; });
  EXPECT_TRUE(done);
}

TEST(Server, closes_all_without_waiting) {
  TestServer test{echo, {}, 2};
  TestClient first{test.port};
  TestClient second{test.port};
  for (auto* client : {&first, &second}) {
    client->send(get("/"));
    client->read_response();
  }
  EXPECT_EQ(test.server.connections(), 2U);
  test.server.close_all();
  EXPECT_EQ(test.server.connections(), 0U);
  EXPECT_EQ(first.read_to_end(), "");
  EXPECT_EQ(second.read_to_end(), "");
}

TEST(Server, two_on_one_runtime_know_only_their_own_connections) {
  TestServer test;
  Server second{test.runtime, {.address = "127.0.0.1", .port = 0}, echo};
  TestClient other{second.start()};
  other.send(get("/"));
  other.read_response();
  EXPECT_EQ(test.server.connections(), 0U);
  test.server.close_all();
  other.send(get("/2"));
  EXPECT_EQ(body_of(other.read_response()), "GET /2 ");
}

TEST(Server, may_be_destroyed_after_its_loops_have_ended) {
  TestServer test;
  TestClient client{test.port};
  client.send(get("/"));
  client.read_response();
  test.runtime.stop();
}

TEST(Server, serves_on_when_descriptors_were_short) {
  log::Capture log;
  TestServer test;
  TestClient before{test.port};
  before.send(get("/"));
  before.read_response();
  rlimit old{};
  ASSERT_EQ(::getrlimit(RLIMIT_NOFILE, &old), 0);
  auto client = std::make_unique<TestClient>(test.port);
  client->send(get("/a"));
  client->read_response();

  // The next one is connected by the kernel and waits: its socket takes the last descriptor that is
  // allowed.
  TestClient waiting{test.port, TestClient::Connect::later};
  rlimit none = old;
  none.rlim_cur = static_cast<rlim_t>(waiting.fd()) + 1;
  ASSERT_EQ(::setrlimit(RLIMIT_NOFILE, &none), 0);
  waiting.connect();
  waiting.send(get("/b"));
  before.send(get("/c"));
  EXPECT_EQ(body_of(before.read_response()), "GET /c ") << "others are served meanwhile";
  while (log.lines().empty()) test.runtime.run_on(test.runtime.loop(0), [] {});
  ASSERT_EQ(::setrlimit(RLIMIT_NOFILE, &old), 0);
  EXPECT_EQ(body_of(waiting.read_response()), "GET /b ");
  EXPECT_TRUE(has(log.lines().front(), "cannot accept"));
}

}  // namespace
}  // namespace ondol::http
