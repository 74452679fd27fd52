#include <gtest/gtest.h>
#include <llhttp.h>

#include <string>
#include <vector>

#include <ondol/http/detail/parser.hpp>

namespace ondol::http {
namespace {

// 0: nothing is wrong with it.
int refusal_of(std::string_view text, const Limits& limits = {}) {
  Parser parser{limits};
  while (true) {
    switch (parser.feed(text)) {
      case Parser::State::refused:
        return parser.refusal();
      case Parser::State::complete:
      case Parser::State::need_more:
        return 0;
      case Parser::State::head_complete:
        continue;
    }
  }
}

Parser::State feed_whole(Parser& parser, std::string_view& text) {
  auto state = parser.feed(text);
  while (state == Parser::State::head_complete) state = parser.feed(text);
  return state;
}

Request request_of(std::string_view text) {
  const Limits limits;
  Parser parser{limits};
  EXPECT_EQ(feed_whole(parser, text), Parser::State::complete);
  return parser.request();
}

std::string get(std::string_view target, std::string_view fields = "Host: a\r\n") {
  return "GET " + std::string{target} + " HTTP/1.1\r\n" + std::string{fields} + "\r\n";
}

std::string chunked(std::string_view body) {
  return "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n" + std::string{body};
}

// Decision 32: what only the lenient build would accept is refused.
TEST(Parser, is_built_in_strict_mode) {
  static_assert(LLHTTP_STRICT_MODE == 1);
  EXPECT_EQ(refusal_of(get("/\x80")), 400);
  EXPECT_EQ(refusal_of(get("/\x0c")), 400);
  EXPECT_EQ(refusal_of(get("/a\tb")), 400);
  EXPECT_EQ(refusal_of(get("/", "Ho st: a\r\n")), 400);
  EXPECT_EQ(refusal_of("GET / HTTP/1.1\r\nHost: a\r\n\rX"), 400);
}

TEST(Parser, reads_a_request_wherever_it_is_cut) {
  const std::string text =
      "POST /a%20b?c=d HTTP/1.1\r\nHost: x\r\nEmpty:\r\nContent-Length: 5\r\n\r\nhello";
  const Limits limits;
  for (std::size_t cut = 1; cut < text.size(); ++cut) {
    Parser parser{limits};
    std::string_view first{text.data(), cut};
    ASSERT_NE(feed_whole(parser, first), Parser::State::refused) << cut;
    std::string_view second{text.data() + cut, text.size() - cut};
    ASSERT_EQ(feed_whole(parser, second), Parser::State::complete) << cut;
    EXPECT_EQ(parser.request().method, Method::post);
    EXPECT_EQ(parser.request().target, "/a%20b?c=d");
    EXPECT_EQ(parser.request().path, "/a%20b");
    EXPECT_EQ(parser.request().query, "c=d");
    EXPECT_EQ(parser.request().body, "hello");
    EXPECT_EQ(parser.request().headers.size(), 3U);
    EXPECT_EQ(parser.request().headers.first("Empty"), "");
  }
}

TEST(Parser, reads_chunks_octet_by_octet_and_drops_trailers) {
  const auto text = chunked("5;x=y\r\nhello\r\n1\r\n!\r\n0\r\nHost: b\r\nCookie: c\r\n\r\n");
  const Limits limits;
  Parser parser{limits};
  auto state = Parser::State::need_more;
  for (const char& c : text) {
    ASSERT_NE(state, Parser::State::complete);
    std::string_view octet{&c, 1};
    state = feed_whole(parser, octet);
  }
  ASSERT_EQ(state, Parser::State::complete);
  EXPECT_EQ(parser.request().body, "hello!");
  EXPECT_EQ(parser.request().headers.all("Host"), std::vector<std::string_view>{"a"});
  EXPECT_FALSE(parser.request().headers.has("Cookie"));
}

TEST(Parser, refuses_what_could_be_read_in_two_ways) {
  const std::string post = "POST / HTTP/1.1\r\nHost: a\r\n";
  EXPECT_EQ(refusal_of(post + "Content-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n"), 400);
  EXPECT_EQ(refusal_of(post + "Transfer-Encoding: chunked\r\nContent-Length: 1\r\n\r\n"), 400);
  EXPECT_EQ(refusal_of(post + "Content-Length: 1\r\nContent-Length: 1\r\n\r\nx"), 400);
  EXPECT_EQ(refusal_of(post + "Content-Length: 1, 1\r\n\r\nx"), 400);
  EXPECT_EQ(refusal_of(post + "Content-Length: +1\r\n\r\nx"), 400);
  EXPECT_EQ(refusal_of(post + "Content-Length: 0x1\r\n\r\nx"), 400);
  EXPECT_EQ(refusal_of(post + "Content-Length:\r\n\r\nx"), 400);
  EXPECT_EQ(refusal_of(post + "Content-Length: 99999999999999999999\r\n\r\nx"), 400);
  EXPECT_EQ(refusal_of(post + "Transfer-Encoding: chunked, chunked\r\n\r\n"), 400);
  EXPECT_EQ(refusal_of("POST / HTTP/1.0\r\nTransfer-Encoding: chunked\r\n\r\n"), 400);
  EXPECT_EQ(refusal_of(get("/", "Host : a\r\n")), 400);
  EXPECT_EQ(refusal_of(get("/", "Host: a\r\nX: a\r\n b\r\n")), 400);
  EXPECT_EQ(refusal_of(get("/", std::string_view{"Host: a\r\nX: a\0b\r\n", 17})), 400);
  EXPECT_EQ(refusal_of(get("/", "Host: a\r\nX: a\rb\r\n")), 400);
  EXPECT_EQ(refusal_of(get("/", "Host: a\r\nX:\r\n\tb\r\n")), 400);
  EXPECT_EQ(refusal_of(get("/", " Host: a\r\n")), 400);
  EXPECT_EQ(refusal_of(get("/", "Host: a\r\n: b\r\n")), 400);
  EXPECT_EQ(refusal_of(chunked("x\r\n")), 400);
  EXPECT_EQ(refusal_of(chunked("1\r\nab\r\n")), 400);
  EXPECT_EQ(refusal_of(chunked("fffffffffffffffff\r\n")), 400);
}

TEST(Parser, wants_one_valid_host) {
  EXPECT_EQ(refusal_of(get("/", "")), 400);
  EXPECT_EQ(refusal_of(get("/", "Host: a\r\nHost: a\r\n")), 400);
  EXPECT_EQ(refusal_of(get("/", "Host: a b\r\n")), 400);
  EXPECT_EQ(refusal_of(get("/", "Host: me@a\r\n")), 400);
  EXPECT_EQ(refusal_of(get("/", "Host: a/b\r\n")), 400);
  EXPECT_EQ(refusal_of(get("/", "Host: [::1]:80\r\n")), 0);
  EXPECT_EQ(refusal_of(get("/", "Host:\r\n")), 0);
  EXPECT_EQ(refusal_of("GET / HTTP/1.0\r\n\r\n"), 0);
  EXPECT_EQ(refusal_of("GET / HTTP/1.0\r\nHost: a\r\nHost: a\r\n\r\n"), 400);
}

TEST(Parser, refuses_with_the_status_that_names_the_reason) {
  EXPECT_EQ(refusal_of(get("/", "Host: a\r\nExpect: wonders\r\n")), 417);
  EXPECT_EQ(refusal_of("POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: gzip\r\n\r\n"), 501);
  EXPECT_EQ(refusal_of("POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: gzip, chunked\r\n\r\n"),
            501);
  EXPECT_EQ(refusal_of("GET / HTTP/1.2\r\nHost: a\r\n\r\n"), 505);
  EXPECT_EQ(refusal_of("GET / HTTP/2.0\r\nHost: a\r\n\r\n"), 505);
  EXPECT_EQ(refusal_of("GET / HTTP/0.9\r\nHost: a\r\n\r\n"), 505);
  EXPECT_EQ(refusal_of("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"), 505);
  EXPECT_EQ(refusal_of("CONNECT a:1 HTTP/1.1\r\nHost: a\r\n\r\n"), 405);
  EXPECT_EQ(refusal_of(std::string(33, 'A') + " / HTTP/1.1\r\n"), 501);
  EXPECT_EQ(refusal_of("G(T / HTTP/1.1\r\n"), 400);
  EXPECT_EQ(refusal_of(" / HTTP/1.1\r\n"), 400);
  EXPECT_EQ(refusal_of("\x16\x03\x01"), 400);   // a TLS client
  EXPECT_EQ(refusal_of("GET /\r\n\r\n"), 400);  // HTTP/0.9
}

TEST(Parser, the_limits_are_exact) {
  const Limits limits{.max_target = 10, .max_head = 100, .max_headers = 3, .max_body = 4};
  EXPECT_EQ(refusal_of(get("/" + std::string(9, 'a')), limits), 0);
  EXPECT_EQ(refusal_of(get("/" + std::string(10, 'a')), limits), 414);

  const auto rest = get("/", "Host: a\r\nX: \r\n").size();
  EXPECT_EQ(refusal_of(get("/", "Host: a\r\nX: " + std::string(100 - rest, 'x') + "\r\n"), limits),
            0);
  EXPECT_EQ(refusal_of(get("/", "Host: a\r\nX: " + std::string(101 - rest, 'x') + "\r\n"), limits),
            431);
  EXPECT_EQ(refusal_of(get("/", "Host: a\r\nX:" + std::string(200, ' ') + "x\r\n"), limits), 431);

  EXPECT_EQ(refusal_of(get("/", "Host: a\r\nX: y\r\nX: y\r\n"), limits), 0);
  EXPECT_EQ(refusal_of(get("/", "Host: a\r\nX: y\r\nX: y\r\nX: y\r\n"), limits), 431);

  EXPECT_EQ(refusal_of("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 4\r\n\r\nabcd", limits), 0);
  EXPECT_EQ(refusal_of("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\n", limits), 413);
  EXPECT_EQ(refusal_of(chunked("4\r\nabcd\r\n0\r\n\r\n"), {.max_body = 4}), 0);
  EXPECT_EQ(refusal_of(chunked("4\r\nabcd\r\n1\r\ne\r\n0\r\n\r\n"), {.max_body = 4}), 413);
}

TEST(Parser, a_head_above_its_limit_is_refused_however_it_is_cut) {
  const auto text = get("/", "Host: a\r\nX: " + std::string(200, 'x') + "\r\n");
  const Limits limits{.max_head = 100};
  Parser parser{limits};
  auto state = Parser::State::need_more;
  std::size_t taken = 0;
  for (const char& c : text) {
    std::string_view octet{&c, 1};
    state = parser.feed(octet);
    ++taken;
    if (state == Parser::State::refused) break;
  }
  EXPECT_EQ(state, Parser::State::refused);
  EXPECT_EQ(parser.refusal(), 431);
  EXPECT_EQ(taken, 100U);
}

TEST(Parser, padding_between_chunks_has_an_end) {
  const Limits limits;
  Parser parser{limits};
  const auto head = chunked("1;");
  std::string_view text = head;
  ASSERT_EQ(feed_whole(parser, text), Parser::State::need_more);
  const std::string padding(65'536, 'x');
  auto state = Parser::State::need_more;
  for (int i = 0; i < 100 && state == Parser::State::need_more; ++i) {
    text = padding;
    state = parser.feed(text);
  }
  EXPECT_EQ(state, Parser::State::refused);
}

TEST(Parser, knows_every_method_of_llhttp_and_lets_others_through) {
#define ONDOL_CHECK_METHOD(number, name, text)                                        \
  EXPECT_NE(find_method(#text), Method::other) << #text;                              \
  if (std::string_view{#text} != "CONNECT") {                                         \
    EXPECT_EQ(request_of(#text " / HTTP/1.1\r\nHost: a\r\n\r\n").method_name, #text); \
  }
  HTTP_METHOD_MAP(ONDOL_CHECK_METHOD)
#undef ONDOL_CHECK_METHOD

  const auto unknown = request_of("BREW /pot HTTP/1.1\r\nHost: a\r\nContent-Length: 2\r\n\r\nhi");
  EXPECT_EQ(unknown.method, Method::other);
  EXPECT_EQ(unknown.method_name, "BREW");
  EXPECT_EQ(unknown.body, "hi");
  EXPECT_EQ(request_of("get / HTTP/1.1\r\nHost: a\r\n\r\n").method, Method::other);
  EXPECT_EQ(request_of("DESCRIBE / HTTP/1.1\r\nHost: a\r\n\r\n").method, Method::other);
}

TEST(Parser, keeps_what_is_behind_a_request_for_the_next) {
  const Limits limits;
  Parser parser{limits};
  const auto both = "\r\n" + get("/1") + "\r\n" + get("/2");
  std::string_view text = both;

  ASSERT_EQ(parser.feed(text), Parser::State::complete);
  EXPECT_EQ(parser.request().path, "/1");
  parser.next();
  EXPECT_FALSE(parser.started());
  ASSERT_EQ(parser.feed(text), Parser::State::complete);
  EXPECT_EQ(parser.request().path, "/2");
  EXPECT_TRUE(text.empty());
}

TEST(Parser, leaves_what_is_behind_a_request_to_upgrade) {
  const Limits limits;
  Parser parser{limits};
  const auto all =
      get("/", "Host: a\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n") + "\x81\x01x";
  std::string_view text = all;

  ASSERT_EQ(parser.feed(text), Parser::State::complete);
  EXPECT_EQ(text, "\x81\x01x");
  EXPECT_TRUE(parser.keep_alive());
}

TEST(Parser, an_upgrade_with_a_body_has_its_body) {
  const auto request = request_of(
      "POST / HTTP/1.1\r\nHost: a\r\nConnection: Upgrade\r\nUpgrade: h2c\r\n"
      "Content-Length: 2\r\n\r\nhi");
  EXPECT_EQ(request.body, "hi");
}

TEST(Parser, tells_once_that_a_body_is_to_follow) {
  const Limits limits;
  Parser parser{limits};
  std::string_view text = "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 2\r\n\r\n";
  EXPECT_EQ(parser.feed(text), Parser::State::head_complete);
  EXPECT_TRUE(parser.in_body());
  EXPECT_EQ(parser.feed(text), Parser::State::need_more);
  text = "hi";
  EXPECT_EQ(parser.feed(text), Parser::State::complete);
}

TEST(Parser, keep_alive_is_as_the_request_wants_it) {
  const auto kept = [](std::string_view text) {
    const Limits limits;
    Parser parser{limits};
    EXPECT_EQ(parser.feed(text), Parser::State::complete);
    return parser.keep_alive();
  };
  EXPECT_TRUE(kept("GET / HTTP/1.1\r\nHost: a\r\n\r\n"));
  EXPECT_FALSE(kept("GET / HTTP/1.1\r\nHost: a\r\nConnection: x, Close\r\n\r\n"));
  EXPECT_FALSE(kept("GET / HTTP/1.0\r\n\r\n"));
  EXPECT_TRUE(kept("GET / HTTP/1.0\r\nConnection: keep-alive\r\n\r\n"));
}

TEST(Parser, an_absolute_target_has_a_path_and_names_the_host) {
  const auto request = request_of(get("http://b:1/c?d"));
  EXPECT_EQ(request.path, "/c");
  EXPECT_EQ(request.query, "d");
  EXPECT_EQ(request.headers.all("Host"), std::vector<std::string_view>{"b:1"});

  EXPECT_EQ(request_of(get("http://b?d")).path, "/");
  EXPECT_EQ(request_of(get("http://b?d")).query, "d");
  EXPECT_EQ(request_of(get("http://b")).path, "/");
  EXPECT_EQ(refusal_of(get("http://me@b/")), 400);
  EXPECT_EQ(refusal_of(get("ftp://b/")), 400);
}

TEST(Parser, an_asterisk_is_for_options) {
  EXPECT_EQ(request_of("OPTIONS * HTTP/1.1\r\nHost: a\r\n\r\n").path, "*");
  EXPECT_EQ(refusal_of(get("*")), 400);
  EXPECT_EQ(refusal_of(get("/#fragment")), 400);
  EXPECT_EQ(refusal_of(get("no-slash")), 400);
}

}  // namespace
}  // namespace ondol::http
