#pragma once

#include <chrono>
#include <cstddef>

namespace ondol::http {

// What a server and each of its connections may use. Sizes are octets; the numbers in the comments
// are the status that a client gets who asks for more.
struct Limits {
  std::size_t max_target = 8'192;    // of the request line: 414
  std::size_t max_head = 16'384;     // request line and fields together: 431
  std::size_t max_headers = 100;     // fields: 431
  std::size_t max_body = 2'097'152;  // exactly this much is allowed: 413

  // Of one server, also those that became WebSockets; one more is closed at once (LM-14).
  std::size_t max_connections = 20'000;
  std::size_t max_connections_of_one_address = 0;  // 0: no limit of its own

  // From the first octet of a head (from the connect, for the first) to its end: 408. Who connects
  // and stays silent for as long is closed without an answer.
  std::chrono::milliseconds head_timeout{10'000};
  std::chrono::milliseconds body_idle_timeout{30'000};   // without an octet of the body: 408
  std::chrono::milliseconds body_timeout{300'000};       // for the whole body: 408
  std::chrono::milliseconds keep_alive_timeout{75'000};  // between two requests: closed
  std::chrono::milliseconds write_timeout{30'000};  // without an octet of a response read: closed

  // After so much silence TCP asks whether the peer is still there; without an answer to three
  // questions, ten seconds apart, the connection ends. Whole seconds; 0 asks never.
  std::chrono::milliseconds tcp_keep_alive{60'000};

  // A connection that ends with unread input is read on for a while, so that the client gets the
  // answer instead of a reset (WB-291, D-12).
  std::size_t max_discarded = 67'108'864;
  std::chrono::milliseconds linger_timeout{2'000};    // without an octet
  std::chrono::milliseconds discard_timeout{30'000};  // altogether
};

}  // namespace ondol::http
