#include <gtest/gtest.h>

#include <string>
#include <vector>

#include <ondol/http/detail/response_head.hpp>
#include <ondol/http/headers.hpp>
#include <ondol/http/status.hpp>
#include <ondol/http/status_page.hpp>
#include <ondol/http/uri.hpp>

namespace ondol::http {
namespace {

using Pairs = std::vector<std::pair<std::string, std::string>>;
using Segments = std::vector<std::string>;

// Without the date, which is of now.
std::string head_of(const Response& response, const ResponseHeadOptions& options = {}) {
  auto head = response_head(response, options);
  const auto date = head.find("Date: ");
  EXPECT_NE(date, std::string::npos);
  EXPECT_EQ(head.substr(date + 35, 2), "\r\n") << "29 octets of RFC 9110 §5.6.7";
  return head.erase(date, 37);
}

TEST(Headers, compare_names_without_case_and_keep_their_order) {
  Headers headers;
  headers.add("Accept", "a");
  headers.add("Host", "h");
  headers.add("ACCEPT", "b");

  EXPECT_EQ(headers.first("accept"), "a");
  EXPECT_EQ(headers.all("accept"), (std::vector<std::string_view>{"a", "b"}));
  EXPECT_EQ(headers.count("accept"), 2U);
  EXPECT_FALSE(headers.has("accep"));

  headers.set("Accept", "c");
  EXPECT_EQ(headers.all("accept"), std::vector<std::string_view>{"c"});
  EXPECT_EQ(headers.begin()->first, "Host");
  headers.remove("HOST");
  EXPECT_EQ(headers.size(), 1U);
}

TEST(Headers, find_a_token_in_any_of_the_lists) {
  Headers headers;
  headers.add("Connection", "keep-alive, Upgrade");
  headers.add("Connection", "x");

  EXPECT_TRUE(headers.has_token("connection", "upgrade"));
  EXPECT_TRUE(headers.has_token("connection", "X"));
  EXPECT_FALSE(headers.has_token("connection", "up"));
  EXPECT_FALSE(headers.has_token("other", "x"));
}

TEST(Status, has_the_phrases_of_rfc_9110) {
  EXPECT_EQ(reason_phrase(Status::ok), "OK");
  EXPECT_EQ(reason_phrase(413), "Content Too Large");
  EXPECT_EQ(reason_phrase(422), "Unprocessable Content");
  EXPECT_EQ(reason_phrase(418), "");
  EXPECT_EQ(reason_phrase(999), "");
}

TEST(StatusPage, says_the_status_and_nothing_else) {
  const auto page = status_page(404);
  EXPECT_EQ(page.status, 404);
  EXPECT_EQ(page.headers.first("Content-Type"), "text/html;charset=utf-8");
  EXPECT_NE(page.body.find("<h1>HTTP Status 404 – Not Found</h1>"), std::string::npos);
}

TEST(ResponseHead, adds_the_length_of_the_body) {
  const Response response{200, {}, "hello"};
  EXPECT_EQ(head_of(response), "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\n");
  EXPECT_TRUE(sends_body(response, {}));
}

TEST(ResponseHead, a_head_request_gets_the_length_and_no_body) {
  const ResponseHeadOptions options{.to_head_request = true};
  const Response response{200, {}, "hello"};
  EXPECT_EQ(head_of(response, options), "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\n");
  EXPECT_FALSE(sends_body(response, options));

  Response known{200, {}, ""};
  known.headers.add("Content-Length", "17");
  EXPECT_EQ(head_of(known, options), "HTTP/1.1 200 OK\r\nContent-Length: 17\r\n\r\n");
  EXPECT_EQ(head_of(known), "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n");
}

TEST(ResponseHead, statuses_without_content_have_no_length) {
  const Response response{204, {}, "ignored"};
  EXPECT_EQ(head_of(response), "HTTP/1.1 204 No Content\r\n\r\n");
  EXPECT_FALSE(sends_body(response, {}));
  EXPECT_EQ(head_of(Response{304, {}, ""}), "HTTP/1.1 304 Not Modified\r\n\r\n");
}

TEST(ResponseHead, a_value_cannot_begin_another_field) {
  Response response{200, {}, ""};
  response.headers.add("X", "a\r\nSet-Cookie: b");
  response.headers.add("Y: z\r\nSet-Cookie", "b");
  response.headers.add("", "b");
  response.headers.add("Transfer-Encoding", "chunked");
  EXPECT_EQ(head_of(response),
            "HTTP/1.1 200 OK\r\nX: a  Set-Cookie: b\r\nContent-Length: 0\r\n\r\n");
}

TEST(ResponseHead, says_what_becomes_of_the_connection) {
  const Response response{200, {}, ""};
  EXPECT_EQ(head_of(response, {.after = AfterResponse::close}),
            "HTTP/1.1 200 OK\r\nContent-Length: 0\r\nConnection: close\r\n\r\n");
  EXPECT_EQ(head_of(response, {.version_minor = 0}),
            "HTTP/1.1 200 OK\r\nContent-Length: 0\r\nConnection: keep-alive\r\n\r\n");

  Response upgrade{101, {}, ""};
  upgrade.headers.add("Connection", "Upgrade");
  EXPECT_EQ(head_of(upgrade, {.after = AfterResponse::upgrade}),
            "HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\n\r\n");
}

TEST(Query, is_decoded_in_its_order) {
  EXPECT_EQ(parse_query("a=1&b=%20x+y&a&=z&&c=%ED%95%9C"),
            (Pairs{{"a", "1"}, {"b", " x y"}, {"a", ""}, {"", "z"}, {"c", "한"}}));
  EXPECT_EQ(parse_query(""), Pairs{});
  EXPECT_FALSE(parse_query("a=%zz"));
  EXPECT_FALSE(parse_query("%a=1"));
}

TEST(Query, has_a_limited_number_of_pairs) {
  std::string query;
  for (std::size_t i = 0; i < kMaxQueryPairs; ++i) query += "a=1&";
  EXPECT_TRUE(parse_query(query));
  EXPECT_FALSE(parse_query(query + "a=1"));
}

TEST(Path, is_decoded_by_segment) {
  EXPECT_EQ(parse_path("/"), Segments{""});
  EXPECT_EQ(parse_path("/a%20b/%ED%95%9C/"), (Segments{"a b", "한", ""}));
  for (const char* path : {"", "a", "/%", "/%2", "/%zz", "/a%2Fb", "/a%5cb", "/a\\b", "/%00",
                           "/a|b", "/{a}", "/%ff"}) {
    EXPECT_FALSE(parse_path(path)) << path;
  }
}

}  // namespace
}  // namespace ondol::http
