#pragma once

#include <memory>
#include <string>

#include <ondol/http/headers.hpp>

namespace ondol::http {

// The server adds Date, Content-Length and Connection by itself.
struct Response {
  int status = 200;
  Headers headers;
  std::string body;
};

}  // namespace ondol::http
