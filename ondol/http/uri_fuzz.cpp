#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <string_view>

#include <ondol/base/utf8.hpp>
#include <ondol/http/uri.hpp>

// Decoding makes nothing longer, lets nothing through that could be read in two ways, and keeps the
// number of pieces.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace ondol;
  const std::string_view text{reinterpret_cast<const char*>(data), size};
  if (const auto path = http::parse_path(text)) {
    std::size_t octets = 0;
    for (const auto& segment : *path) {
      octets += segment.size() + 1;
      constexpr std::string_view kNever{"/\\\0", 3};
      if (segment.find_first_of(kNever) != std::string::npos) __builtin_trap();
      if (!is_valid_utf8(segment)) __builtin_trap();
    }
    if (octets > size) __builtin_trap();
    const auto slashes = static_cast<std::size_t>(std::ranges::count(text, '/'));
    if (path->size() != slashes) __builtin_trap();
  }
  if (const auto query = http::parse_query(text)) {
    if (query->size() > http::kMaxQueryPairs) __builtin_trap();
    std::size_t octets = 0;
    for (const auto& [name, value] : *query) octets += name.size() + value.size();
    if (octets > size) __builtin_trap();
  }
  return 0;
}
