#include <ondol/websocket/handshake.hpp>

#include <gtest/gtest.h>

namespace ondol::websocket {
namespace {

http::Request good() {
  http::Request request;
  request.path = "/ws";
  request.headers.add("Host", "chat.example.com");
  request.headers.add("Upgrade", "WebSocket");
  request.headers.add("Connection", "keep-alive, upgrade");
  request.headers.add("Sec-WebSocket-Key", "dGhlIHNhbXBsZSBub25jZQ==");
  request.headers.add("Sec-WebSocket-Version", "13");
  return request;
}

TEST(Handshake, answers_the_key_of_rfc_6455) {
  const auto response = handshake(good(), {}).response;
  EXPECT_EQ(response.status, 101);
  EXPECT_EQ(response.headers.first("Sec-WebSocket-Accept"), "s3pPLMBiTxaQ9kYGzzhZRbK+xOo=");
  EXPECT_FALSE(response.headers.has("Sec-WebSocket-Protocol"));
}

TEST(Handshake, refuses_in_the_order_of_the_rules) {  // HS-2 to HS-6
  auto request = good();
  request.method = http::Method::post;
  EXPECT_EQ(handshake(request, {}).response.status, 405);
  EXPECT_EQ(handshake(request, {}).response.headers.first("Allow"), "GET");
  request = good();
  request.headers.remove("Upgrade");
  EXPECT_EQ(handshake(request, {}).response.body, "Can \"Upgrade\" only to \"WebSocket\".");
  request = good();
  request.headers.set("Connection", "keep-alive");
  EXPECT_EQ(handshake(request, {}).response.body, "\"Connection\" must be \"upgrade\".");
  request = good();
  request.headers.set("Sec-WebSocket-Key", "short");
  EXPECT_EQ(handshake(request, {}).response.status, 400);
  request = good();
  request.headers.set("Sec-WebSocket-Version", "8");
  EXPECT_EQ(handshake(request, {}).response.status, 426);
  EXPECT_EQ(handshake(request, {}).response.headers.first("Sec-WebSocket-Version"), "13");
}

TEST(Handshake, takes_the_first_sub_protocol_of_the_client_that_is_spoken) {  // HS-7, HS-8, HS-10
  HandshakeOptions options;
  options.sub_protocols = {"v10.stomp", "v11.stomp", "v12.stomp"};
  auto request = good();
  request.headers.add("Sec-WebSocket-Protocol", "foo, V12.stomp");
  request.headers.add("Sec-WebSocket-Protocol", "v10.stomp");
  EXPECT_EQ(handshake(request, options).response.headers.first("Sec-WebSocket-Protocol"),
            "V12.stomp");
}

TEST(Handshake, pages_of_other_origins_are_refused_unless_they_are_named) {  // HS-11
  HandshakeOptions options;
  const auto status_for = [&](const char* origin) {
    auto request = good();
    request.headers.add("Origin", origin);
    return handshake(request, options).response.status;
  };
  EXPECT_EQ(status_for("http://chat.example.com"), 101);
  EXPECT_EQ(status_for("http://chat.example.com:80"), 101);
  EXPECT_EQ(status_for("https://chat.example.com"), 403);
  EXPECT_EQ(status_for("http://evil.example.com"), 403);
  options.origins.patterns = {"http://*.example.com"};
  EXPECT_EQ(status_for("http://evil.example.com"), 101);
  options.origins.allowed = {"https://other.org/"};
  EXPECT_EQ(status_for("https://OTHER.org"), 101);
}

}  // namespace
}  // namespace ondol::websocket
