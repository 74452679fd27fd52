#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <string_view>

#include <ondol/http/parser.hpp>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using ondol::http::Parser;
  if (size == 0) return 0;
  static const ondol::http::Limits limits{.max_body = 4096};
  Parser parser{limits};
  const std::size_t step = 1 + data[0];
  for (std::size_t at = 1; at < size; at += step) {
    std::string_view piece{reinterpret_cast<const char*>(data) + at, std::min(step, size - at)};
    while (true) {
      const auto state = parser.feed(piece);
      if (state == Parser::State::refused) return 0;
      if (state == Parser::State::need_more) break;
      if (state == Parser::State::complete) {
        if (parser.request().body.size() > limits.max_body) __builtin_trap();
        parser.next();
        if (piece.empty()) break;
      }
    }
  }
  return 0;
}
