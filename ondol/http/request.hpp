#pragma once

#include <string>

#include <ondol/http/headers.hpp>
#include <ondol/http/method.hpp>

namespace ondol::http {

// A request that arrived whole and is well-formed. Path and query are as sent, still
// percent-encoded; uri.hpp decodes.
struct Request {
  Method method = Method::get;
  std::string method_name = "GET";  // what `Method::other` was called
  std::string target;               // as in the request line
  std::string path;                 // begins with a slash, or is "*" (OPTIONS only)
  std::string query;                // without the question mark
  Headers headers;                  // without the trailers of a chunked body
  std::string body;                 // without the transfer coding
  std::string remote_address;       // numeric, without the port
  int version_minor = 1;            // of HTTP/1
};

}  // namespace ondol::http
