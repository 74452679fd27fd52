#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace ondol::websocket {

// The payload of one message in permessage-deflate, RFC 7692 §7.2. The zlib state (about 268 KB to
// compress, 40 KB to unpack) belongs to the thread: sessions have none.

enum class Unpacked : std::uint8_t { complete, too_big, corrupt };

// Unpacks a whole message into `out`. Stops as soon as more than `limit` octets come out, so what a
// few octets unpack to costs at most that.
Unpacked inflate_message(std::string_view packed, std::size_t limit, std::string& out);

// Packs a whole message with a window of 2^window_bits octets, 9 to 15. The result is good until
// the next call on this thread; empty when it would not be smaller.
std::string_view deflate_message(std::string_view message, int window_bits);

}  // namespace ondol::websocket
