#pragma once

#include <string>

#include <ondol/http/headers.hpp>
#include <ondol/http/method.hpp>

namespace ondol::http {

// A request that arrived whole. Path and query are as sent, still percent-encoded.
struct Request {
  Method method = Method::get;
  std::string method_name = "GET";
  std::string target;  // as in the request line
  std::string path;
  std::string query;  // without the question mark
  Headers headers;
  std::string body;
  std::string remote_address;  // without the port
  int version_minor = 1;       // of HTTP/1
};

}  // namespace ondol::http
