#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <string>

#include <ondol/stomp/decoder.hpp>
#include <ondol/stomp/encoder.hpp>

// The first octet says how the rest is cut. What was decoded must be encoded to something that decodes to the same.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace ondol::stomp;
  if (size == 0) return 0;
  const std::size_t step = 1 + data[0];
  Decoder decoder{{}};
  for (std::size_t at = 1; at < size; at += step) {
    auto decoded = decoder.feed({reinterpret_cast<const char*>(data) + at, std::min(step, size - at)});
    if (!decoded) return 0;
    for (const auto& frame : decoded->frames) {
      const auto text = encode(frame);
      if (has_plain_headers(frame.command) || text.size() > 65'536 || frame.headers.size() >= 255) continue;
      Decoder again{{}};
      auto twice = again.feed(text);
      if (twice && (twice->frames.size() != 1 || encode(twice->frames[0]) != text)) __builtin_trap();
    }
  }
  return 0;
}
