#pragma once

#include <string>

#include <ondol/http/headers.hpp>

namespace ondol::http {

// The server adds Date, Content-Length and Connection by itself and drops what `headers` says of
// the first two; a Content-Length counts only where a response has none of its own: to HEAD with an
// empty `body` here, and 304. `Connection: close` makes the response the last one of its
// connection. A field whose name is no token is left out, and line breaks in a value become blanks,
// so that no value can begin another field.
struct Response {
  int status = 200;
  Headers headers;
  std::string body;
};

}  // namespace ondol::http
