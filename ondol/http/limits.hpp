#pragma once

#include <chrono>
#include <cstddef>

namespace ondol::http {

// What one connection may use. Sizes are octets.
struct Limits {
  std::size_t max_target = 8'192;        // 414
  std::size_t max_head = 16'384;         // 431
  std::size_t max_headers = 100;         // 431
  std::size_t max_body = 2'097'152;      // 413
  std::size_t max_connections = 20'000;  // of one server; the next one is closed at once
  std::chrono::milliseconds head_timeout{10'000};        // for the whole head: 408
  std::chrono::milliseconds body_timeout{30'000};        // for the whole body: 408
  std::chrono::milliseconds keep_alive_timeout{75'000};  // between requests: closed
  std::chrono::milliseconds write_timeout{30'000};       // a response that is not read: closed
};

}  // namespace ondol::http
