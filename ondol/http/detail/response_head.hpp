#pragma once

#include <string>

#include <ondol/http/response.hpp>

namespace ondol::http {

enum class AfterResponse { keep_alive, close, upgrade };

struct ResponseHeadOptions {
  AfterResponse after = AfterResponse::keep_alive;
  bool to_head_request = false;
  int version_minor = 1;  // of the request
};

// Status line and fields up to the empty line. On a loop or any other thread.
std::string response_head(const Response& response, const ResponseHeadOptions& options);

// Whether the octets of the body are sent (RFC 9112 §6.3).
bool sends_body(const Response& response, const ResponseHeadOptions& options);

}  // namespace ondol::http
