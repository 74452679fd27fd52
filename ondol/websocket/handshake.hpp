#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <ondol/http/request.hpp>
#include <ondol/http/response.hpp>
#include <ondol/websocket/deflate/negotiation.hpp>

namespace ondol::websocket {

// Which pages may open a session (HS-11). A request without Origin does not come from a page and is
// let in.
struct Origins {
  std::vector<std::string> allowed;   // exact, e.g. https://chat.example.com; "*" is any
  std::vector<std::string> patterns;  // with * wildcards, e.g. https://*.example.com

  // Same origin: the scheme, host and effective port of `host` (the Host header) over `secure` or
  // plain HTTP.
  bool admits(std::string_view origin, std::string_view host, bool secure) const;
};

struct HandshakeOptions {
  Origins origins;
  std::vector<std::string> sub_protocols;  // those this endpoint speaks; none need be chosen (HS-8)
  bool deflate = true;                     // agree to permessage-deflate
};

// Sec-WebSocket-Accept of a key, RFC 6455 §4.2.2.
std::string accept_key(std::string_view key);

struct Handshake {
  http::Response response;  // 101 with its headers, or the refusal
  std::optional<DeflateAgreement> deflate;
};

// Judges an upgrade request in the order of HS-1 to HS-6.
Handshake handshake(const http::Request& request, const HandshakeOptions& options);

}  // namespace ondol::websocket
