#pragma once

#include <cstddef>

namespace ondol::stomp {

struct Limits {
  std::size_t message_size = 65'536;       // octets buffered, the message just received included (ST-2)
  std::size_t max_headers = 256;           // of one frame (ST-33)
  std::size_t max_header_length = 16'384;  // octets of one header line (ST-33)
};

}  // namespace ondol::stomp
