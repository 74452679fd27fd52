#include <gtest/gtest.h>

#include <chrono>
#include <coroutine>
#include <future>
#include <memory>
#include <stdexcept>
#include <string>
#include <vector>

#include <ondol/http/http_test_support.hpp>
#include <ondol/log/logger.hpp>

namespace ondol::http {
namespace {

using namespace std::chrono_literals;

// Holds requests back until the test lets them go.
struct Gate {
  Task<Outcome> pass(Request& request) {
    Loop* const loop = &Loop::current();
    auto wait = [&](std::coroutine_handle<> waiting) {
      reached.set_value();
      opened = [loop, waiting] { loop->post([waiting] { waiting.resume(); }); };
    };
    SuspendWith suspend{std::move(wait)};
    co_await suspend;
    // Touches the request, which must still be there.
    co_return Response{200, {}, "passed " + request.path};
  }

  std::promise<void> reached;
  std::function<void()> opened;
};

TEST(Connection, answers_and_stays_open_for_the_next_request) {
  TestServer test;
  TestClient client{test.port};

  for (int i = 0; i < 3; ++i) {
    client.send(post("/a?b", "hello"));
    const auto response = client.read_response();
    EXPECT_EQ(status_line_of(response), "HTTP/1.1 200 OK");
    EXPECT_TRUE(has(response, "\r\nDate: "));
    EXPECT_FALSE(has(response, "\r\nConnection:"));
    EXPECT_EQ(body_of(response), "POST /a?b hello");
  }
}

TEST(Connection, tells_the_endpoint_who_asks) {
  TestServer test{[](Request& request) -> Task<Outcome> {
    co_return Response{200, {}, request.remote_address};
  }};
  TestClient client{test.port};
  client.send(get("/"));
  EXPECT_EQ(body_of(client.read_response()), "127.0.0.1");
}

TEST(Connection, answers_a_pipeline_in_order) {
  TestServer test;
  TestClient client{test.port};
  std::string requests;
  for (int i = 0; i < 500; ++i) requests += post("/" + std::to_string(i), "x");
  client.send(requests);

  for (int i = 0; i < 500; ++i) {
    ASSERT_EQ(body_of(client.read_response()), "POST /" + std::to_string(i) + " x");
  }
}

TEST(Connection, a_request_may_arrive_octet_by_octet) {
  TestServer test;
  TestClient client{test.port};
  const auto request = post("/a", "hello");
  for (const char& octet : request) ASSERT_TRUE(client.send({&octet, 1}));
  EXPECT_EQ(body_of(client.read_response()), "POST /a hello");
}

TEST(Connection, a_request_may_be_cut_anywhere) {
  TestServer test;
  TestClient client{test.port};
  const auto request = post("/a", "hello");
  for (std::size_t cut = 1; cut < request.size(); ++cut) {
    client.send(request.substr(0, cut));
    // A full turn of the loop lies between the two pieces.
    test.runtime.run_on(test.runtime.loop(0), [] {});
    client.send(request.substr(cut));
    ASSERT_EQ(body_of(client.read_response()), "POST /a hello") << cut;
  }
}

TEST(Connection, head_gets_what_get_would_have_got_without_the_body) {
  TestServer test;
  TestClient client{test.port};
  client.send("HEAD /a HTTP/1.1\r\nHost: a\r\n\r\n" + get("/b"));

  EXPECT_TRUE(has(client.read_until("\r\n\r\n"), "\r\nContent-Length: 8\r\n"));
  EXPECT_EQ(body_of(client.read_response()), "GET /b ");
}

TEST(Connection, closes_when_the_client_asked_for_it) {
  TestServer test;
  const auto response = test.last_answer_to(get("/", "Connection: close\r\n"));
  EXPECT_TRUE(has(response, "\r\nConnection: close\r\n"));
  EXPECT_EQ(body_of(response), "GET / ");
}

TEST(Connection, closes_when_the_response_asks_for_it) {
  TestServer test{[](Request&) -> Task<Outcome> {
    Response response;
    response.headers.add("Connection", "close");
    co_return response;
  }};
  const auto response = test.last_answer_to(get("/"));
  EXPECT_TRUE(has(response, "\r\nConnection: close\r\n"));
}

TEST(Connection, http_1_0_is_closed_unless_it_asks_otherwise) {
  TestServer test;
  EXPECT_TRUE(has(test.last_answer_to("GET / HTTP/1.0\r\n\r\n"), "Connection: close"));

  TestClient client{test.port};
  for (int i = 0; i < 2; ++i) {
    client.send("GET / HTTP/1.0\r\nConnection: keep-alive\r\n\r\n");
    EXPECT_TRUE(has(client.read_response(), "\r\nConnection: keep-alive\r\n"));
  }
}

TEST(Connection, a_client_may_end_its_sending_side_before_it_reads) {
  TestServer test;
  TestClient client{test.port};
  client.send(get("/1") + get("/2"));
  client.finish_sending();
  EXPECT_EQ(body_of(client.read_response()), "GET /1 ");
  EXPECT_EQ(body_of(client.read_response()), "GET /2 ");
  EXPECT_EQ(client.read_to_end(), "");
}

TEST(Connection, refuses_with_the_right_status_and_closes) {
  TestServer test{echo, {.max_target = 100, .max_head = 1'000, .max_body = 10}};
  const auto refused = [&](std::string_view octets) {
    const auto response = test.last_answer_to(octets);
    EXPECT_TRUE(has(response, "\r\nConnection: close\r\n")) << response;
    EXPECT_TRUE(has(response, "<h1>HTTP Status ")) << response;
    return status_line_of(response);
  };
  EXPECT_EQ(refused("nonsense\r\n\r\n"), "HTTP/1.1 400 Bad Request");
  EXPECT_EQ(refused("GET / HTTP/1.1\r\n\r\n"), "HTTP/1.1 400 Bad Request");
  EXPECT_EQ(refused("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\n"
                    "Transfer-Encoding: chunked\r\n\r\n"),
            "HTTP/1.1 400 Bad Request");
  EXPECT_EQ(refused("CONNECT a:1 HTTP/1.1\r\nHost: a\r\n\r\n"), "HTTP/1.1 405 Method Not Allowed");
  EXPECT_EQ(refused(post("/", "12345678901")), "HTTP/1.1 413 Content Too Large");
  EXPECT_EQ(refused(get("/" + std::string(100, 'a'))), "HTTP/1.1 414 URI Too Long");
  EXPECT_EQ(refused(get("/", "Expect: wonders\r\n")), "HTTP/1.1 417 Expectation Failed");
  EXPECT_EQ(refused(get("/", "X: " + std::string(2'000, 'a') + "\r\n")),
            "HTTP/1.1 431 Request Header Fields Too Large");
  EXPECT_EQ(refused("POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: br\r\n\r\n"),
            "HTTP/1.1 501 Not Implemented");
  EXPECT_EQ(refused("GET / HTTP/3.0\r\nHost: a\r\n\r\n"),
            "HTTP/1.1 505 HTTP Version Not Supported");
}

TEST(Connection, answers_what_came_before_a_refused_request) {
  TestServer test;
  TestClient client{test.port};
  client.send(get("/good") + "bad\r\n\r\n" + get("/never"));
  EXPECT_EQ(body_of(client.read_response()), "GET /good ");
  EXPECT_EQ(status_line_of(client.read_to_end()), "HTTP/1.1 400 Bad Request");
}

// WB-291: a client that writes it all before it reads still gets the answer.
TEST(Connection, a_body_far_too_large_is_refused_readably) {
  TestServer test;
  TestClient client{test.port};
  ASSERT_TRUE(client.send(post("/", std::string(50'000'000, 'x'))));
  EXPECT_EQ(status_line_of(client.read_to_end()), "HTTP/1.1 413 Content Too Large");
}

TEST(Connection, what_it_reads_of_a_refused_request_has_an_end) {
  TestServer test{echo, {.max_body = 10, .max_discarded = 100'000}};
  TestClient client{test.port};
  EXPECT_FALSE(client.send(post("/", std::string(50'000'000, 'x'))));
}

TEST(Connection, echoes_17_mib) {
  TestServer test{[](Request& request) -> Task<Outcome> {
                    co_return Response{200, {}, std::move(request.body)};
                  },
                  {.max_body = 20'000'000}};
  TestClient client{test.port};
  std::string body(17 * 1'048'576, '\0');
  for (std::size_t i = 0; i < body.size(); ++i) body[i] = static_cast<char>(i * 31 % 251);
  ASSERT_TRUE(client.send(post("/", body)));
  EXPECT_TRUE(body_of(client.read_response()) == body);
  client.send(get("/"));
  EXPECT_EQ(status_line_of(client.read_response()), "HTTP/1.1 200 OK");
}

TEST(Connection, tells_a_client_that_waits_to_continue) {
  TestServer test;
  TestClient client{test.port};
  for (int i = 0; i < 2; ++i) {
    client.send("POST / HTTP/1.1\r\nHost: a\r\nExpect: 100-continue\r\nContent-Length: 2\r\n\r\n");
    ASSERT_EQ(client.read_until("\r\n\r\n"), "HTTP/1.1 100 Continue\r\n\r\n");
    client.send("hi");
    EXPECT_EQ(body_of(client.read_response()), "POST / hi");
  }
}

// WB-290.
TEST(Connection, does_not_ask_for_a_body_that_it_would_refuse) {
  TestServer test{echo, {.max_body = 10}};
  const auto response = test.last_answer_to(
      "POST / HTTP/1.1\r\nHost: a\r\nExpect: 100-continue\r\nContent-Length: 11\r\n\r\n");
  EXPECT_EQ(status_line_of(response), "HTTP/1.1 413 Content Too Large");
}

TEST(Connection, does_not_ask_for_a_body_that_is_there) {
  TestServer test;
  TestClient client{test.port};
  client.send("POST / HTTP/1.1\r\nHost: a\r\nExpect: 100-continue\r\nContent-Length: 2\r\n\r\nhi");
  EXPECT_EQ(status_line_of(client.read_response()), "HTTP/1.1 200 OK");
}

TEST(Connection, a_slow_head_is_answered_with_408) {
  TestServer test{echo, {.head_timeout = 50ms}};
  EXPECT_EQ(status_line_of(test.last_answer_to("GET / HTTP/1.1\r\nHo")),
            "HTTP/1.1 408 Request Timeout");
}

TEST(Connection, the_time_of_a_second_head_begins_with_its_first_octet) {
  TestServer test{echo, {.head_timeout = 50ms, .keep_alive_timeout = 60s}};
  TestClient client{test.port};
  client.send(get("/") + "G");
  client.read_response();
  EXPECT_EQ(status_line_of(client.read_to_end()), "HTTP/1.1 408 Request Timeout");
}

TEST(Connection, octets_that_drip_do_not_lengthen_the_time_of_a_head) {
  TestServer test{echo, {.head_timeout = 100ms}};
  TestClient client{test.port};
  const auto begin = std::chrono::steady_clock::now();
  const timeval pause{0, 10'000};
  ::setsockopt(client.fd(), SOL_SOCKET, SO_RCVTIMEO, &pause, sizeof pause);
  client.send("GET / HTTP/1.1\r\nX: ");
  std::string answer;
  while (answer.empty() && std::chrono::steady_clock::now() - begin < 5s) {
    client.send("x");
    answer = client.read_until("\r\n\r\n");
  }
  EXPECT_EQ(status_line_of(answer), "HTTP/1.1 408 Request Timeout");
}

TEST(Connection, a_body_that_stops_is_answered_with_408) {
  TestServer test{echo, {.body_idle_timeout = 50ms}};
  EXPECT_EQ(status_line_of(
                test.last_answer_to("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 9\r\n\r\nhi")),
            "HTTP/1.1 408 Request Timeout");
}

TEST(Connection, a_body_that_never_ends_is_answered_with_408) {
  TestServer test{echo, {.body_idle_timeout = 60s, .body_timeout = 50ms}};
  EXPECT_EQ(status_line_of(
                test.last_answer_to("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 9\r\n\r\nhi")),
            "HTTP/1.1 408 Request Timeout");
}

TEST(Connection, silence_is_closed_without_an_answer) {
  TestServer test{echo, {.head_timeout = 50ms, .keep_alive_timeout = 50ms}};
  EXPECT_EQ(test.last_answer_to(""), "");

  TestClient client{test.port};
  client.send(get("/"));
  EXPECT_EQ(body_of(client.read_response()), "GET / ");
  EXPECT_EQ(client.read_to_end(), "");
}

TEST(Connection, a_response_that_nobody_reads_is_given_up) {
  TestServer test{
      [](Request&) -> Task<Outcome> { co_return Response{200, {}, std::string(50'000'000, 'x')}; },
      {.write_timeout = 50ms}};
  TestClient client{test.port};
  std::promise<void> gone;
  client.send(get("/"));
  // The first octet says that the writing has begun.
  client.read(1);
  test.server.drain([&] { gone.set_value(); });
  EXPECT_EQ(gone.get_future().wait_for(5s), std::future_status::ready);
}

TEST(Connection, what_an_endpoint_throws_is_logged_and_answered_with_500) {
  log::Capture log;
  TestServer test{[](Request& request) -> Task<Outcome> {
    if (request.path == "/") throw std::runtime_error{"thrown by a test"};
    return echo(request);
  }};
  TestClient client{test.port};
  client.send(get("/") + get("/next"));
  const auto response = client.read_response();
  EXPECT_EQ(status_line_of(response), "HTTP/1.1 500 Internal Server Error");
  EXPECT_FALSE(has(response, "thrown by a test"));
  EXPECT_EQ(body_of(client.read_response()), "GET /next ");

  std::string lines;
  for (const auto& line : log.lines()) lines += line;
  EXPECT_TRUE(has(lines, "thrown by a test")) << lines;
}

TEST(Connection, what_a_task_throws_is_answered_with_500) {
  log::Capture log;
  TestServer test{[](Request&) -> Task<Outcome> {
    throw std::runtime_error{"thrown by a test"};
    co_return Response{};
  }};
  TestClient client{test.port};
  client.send(get("/"));
  EXPECT_EQ(status_line_of(client.read_response()), "HTTP/1.1 500 Internal Server Error");
}

TEST(Connection, others_are_served_while_a_request_waits) {
  Gate gate;
  TestServer test{[&](Request& request) {
    return request.path == "/gate" ? gate.pass(request) : echo(request);
  }};
  TestClient waiting{test.port};
  waiting.send(get("/gate"));
  gate.reached.get_future().wait();
  TestClient other{test.port};
  other.send(get("/other"));
  EXPECT_EQ(body_of(other.read_response()), "GET /other ");

  gate.opened();
  EXPECT_EQ(body_of(waiting.read_response()), "passed /gate");
}

TEST(Connection, a_task_may_outlive_its_client) {
  Gate gate;
  TestServer test{[&](Request& request) { return gate.pass(request); }};
  TestClient client{test.port};
  client.send(get("/gate"));
  gate.reached.get_future().wait();
  client.reset();
  test.server.close_all();
  EXPECT_EQ(test.server.connections(), 1U) << "its task still runs";

  std::promise<void> gone;
  test.server.drain([&] { gone.set_value(); });
  gate.opened();
  EXPECT_EQ(gone.get_future().wait_for(5s), std::future_status::ready);
}

TEST(Connection, a_client_that_resets_disturbs_nobody) {
  TestServer test;
  TestClient other{test.port};
  for (int i = 0; i < 50; ++i) {
    TestClient client{test.port};
    client.send(get("/") + "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 9\r\n\r\nhi");
    client.reset();
  }
  other.send(get("/"));
  EXPECT_EQ(body_of(other.read_response()), "GET / ");
}

}  // namespace
}  // namespace ondol::http
