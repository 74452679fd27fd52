#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include <ondol/websocket/deflate/codec.hpp>

// Whatever comes: nothing above the limit, the same for every limit that suffices, and what was
// unpacked comes back when it is packed.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace ondol::websocket;
  constexpr std::size_t kLimit = 65'536;
  const std::string_view packed{reinterpret_cast<const char*>(data), size};
  std::string out;
  const auto result = inflate_message(packed, kLimit, out);
  if (out.size() > kLimit) __builtin_trap();
  if (result != Unpacked::complete) return 0;

  std::string again;
  if (inflate_message(packed, out.size(), again) != Unpacked::complete || again != out) {
    __builtin_trap();
  }
  if (!out.empty() && inflate_message(packed, out.size() - 1, again) == Unpacked::complete) {
    __builtin_trap();
  }
  const std::string repacked{deflate_message(out, 9 + static_cast<int>(size % 7))};
  if (repacked.empty()) return 0;
  if (inflate_message(repacked, kLimit, again) != Unpacked::complete || again != out) {
    __builtin_trap();
  }
  return 0;
}
