#pragma once

#include <cstddef>

namespace ondol::stomp {

// What one session may make the decoder hold. Reaching a limit is allowed, exceeding it is a decode
// error.
struct Limits {
  std::size_t message_size =
      65'536;  // octets of an unfinished frame plus the message just received (ST-2)
  std::size_t max_headers = 256;           // header lines of one frame (ST-33)
  std::size_t max_header_length = 16'384;  // octets of one header line, its end not counted (ST-33)
};

}  // namespace ondol::stomp
