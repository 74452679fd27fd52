#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>

namespace ondol::websocket {

// What becomes of messages for a reader that takes too little (LM-5).
enum class Overflow : std::uint8_t {
  terminate,    // the session ends with 4500
  drop_oldest,  // what waited longest goes
  drop_newest,  // what comes goes
};

// What one session may use. All sizes are octets.
struct Limits {
  std::size_t max_message_size = 65'536;   // after reassembly, else 1009 (LM-2)
  std::size_t send_buffer_size = 524'288;  // waiting while the peer does not read, else 4500 (LM-4)
  Overflow overflow = Overflow::terminate;
  std::chrono::milliseconds send_time{10'000};  // one write blocked for longer: 4500 (LM-4, LM-7)
  std::chrono::milliseconds time_to_first_message{60'000};  // nothing at all received: 4500 (LM-6)
  std::size_t deflate_threshold = 512;                      // smaller messages are sent as they are
  std::chrono::milliseconds close_handshake{5'000};  // our close unanswered: the socket is closed
};

}  // namespace ondol::websocket
