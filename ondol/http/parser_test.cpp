#include <ondol/http/parser.hpp>

#include <gtest/gtest.h>
#include <llhttp.h>

namespace ondol::http {
namespace {

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

TEST(Parser, llhttp_is_strict) {  // decision 32
#if !LLHTTP_STRICT_MODE
  FAIL() << "llhttp was compiled with lenient parsing";
#endif
  EXPECT_EQ(refusal_of("GET / HTTP/1.1\nHost: a\n\n"), 400);
}

TEST(Parser, reads_a_request_wherever_it_is_cut) {
  const std::string text = "POST /a%20b?c=d HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\n\r\nhello";
  const Limits limits;
  for (std::size_t cut = 1; cut < text.size(); ++cut) {
    Parser parser{limits};
    std::string_view first{text.data(), cut};
    auto state = parser.feed(first);
    ASSERT_NE(state, Parser::State::refused) << cut;
    std::string_view second{text.data() + cut, text.size() - cut};
    while ((state = parser.feed(second)) == Parser::State::head_complete) {
    }
    ASSERT_EQ(state, Parser::State::complete) << cut;
    EXPECT_EQ(parser.request().path, "/a%20b");
    EXPECT_EQ(parser.request().query, "c=d");
    EXPECT_EQ(parser.request().body, "hello");
  }
}

TEST(Parser, refuses_what_could_be_read_in_two_ways) {
  EXPECT_EQ(refusal_of("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n"), 400);
  EXPECT_EQ(refusal_of("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\nContent-Length: 1\r\n\r\nx"), 400);
  EXPECT_EQ(refusal_of("GET / HTTP/1.1\r\n\r\n"), 400);
  EXPECT_EQ(refusal_of("GET / HTTP/1.1\r\nHost: a\r\nHost: a\r\n\r\n"), 400);
  EXPECT_EQ(refusal_of("GET / HTTP/1.1\r\nHost : a\r\n\r\n"), 400);
}

TEST(Parser, refuses_with_the_status_of_the_limit) {
  const std::string head = "GET / HTTP/1.1\r\nHost: a\r\n";
  EXPECT_EQ(refusal_of("GET /" + std::string(9'000, 'a') + " HTTP/1.1\r\nHost: a\r\n\r\n"), 414);
  EXPECT_EQ(refusal_of(head + "X: " + std::string(17'000, 'a') + "\r\n\r\n"), 431);
  std::string many = head;
  for (int i = 0; i < 100; ++i) many += "X: y\r\n";
  EXPECT_EQ(refusal_of(many + "\r\n"), 431);
  EXPECT_EQ(refusal_of("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 3000000\r\n\r\n"), 413);
  EXPECT_EQ(refusal_of(head + "Expect: wonders\r\n\r\n"), 417);
  EXPECT_EQ(refusal_of("POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: gzip\r\n\r\n"), 501);
  EXPECT_EQ(refusal_of("GET / HTTP/1.2\r\nHost: a\r\n\r\n"), 505);
  EXPECT_EQ(refusal_of("CONNECT a:1 HTTP/1.1\r\nHost: a\r\n\r\n"), 405);
}

TEST(Parser, keeps_what_is_behind_a_request_for_the_next) {
  const Limits limits;
  Parser parser{limits};
  std::string_view text = "GET /1 HTTP/1.1\r\nHost: a\r\n\r\nGET /2 HTTP/1.1\r\nHost: a\r\n\r\n";

  ASSERT_EQ(parser.feed(text), Parser::State::complete);
  EXPECT_EQ(parser.request().path, "/1");
  parser.next();
  ASSERT_EQ(parser.feed(text), Parser::State::complete);
  EXPECT_EQ(parser.request().path, "/2");
  EXPECT_TRUE(text.empty());
}

TEST(Parser, reads_chunks) {
  const Limits limits;
  Parser parser{limits};
  std::string_view text = "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n1\r\n!\r\n0\r\n\r\n";

  while (parser.feed(text) == Parser::State::head_complete) {
  }
  EXPECT_EQ(parser.request().body, "hello!");
}

TEST(Parser, an_absolute_target_has_a_path) {
  const Limits limits;
  Parser parser{limits};
  std::string_view text = "GET http://a/b?c HTTP/1.1\r\nHost: a\r\n\r\n";

  ASSERT_EQ(parser.feed(text), Parser::State::complete);
  EXPECT_EQ(parser.request().path, "/b");
  EXPECT_EQ(parser.request().query, "c");
}

}  // namespace
}  // namespace ondol::http
