#include <cstddef>
#include <cstdint>
#include <string>

#include <ondol/base/utf8.hpp>

#include <ondol/websocket/receiver.hpp>

// The first octet says how the rest is cut, and whether compression was agreed on; cut or whole,
// the same events must come.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using ondol::websocket::Receiver;
  constexpr std::size_t kLimit = 4'096;
  if (size == 0) return 0;
  const auto run = [&](std::size_t step) {
    Receiver receiver{kLimit, data[0] >= 0x80};
    std::string events;
    for (std::size_t at = 1; at < size; at += step) {
      std::string piece(reinterpret_cast<const char*>(data) + at, std::min(step, size - at));
      char* input = piece.data();
      std::size_t left = piece.size();
      while (true) {
        const auto event = receiver.next(input, left);
        if (event == Receiver::Event::need_more) break;
        events += static_cast<char>(event);
        if (event == Receiver::Event::text || event == Receiver::Event::binary) {
          if (receiver.payload().size() > kLimit) __builtin_trap();
          if (event == Receiver::Event::text && !ondol::is_valid_utf8(receiver.payload())) {
            __builtin_trap();
          }
          events += receiver.payload();
        }
        if (event == Receiver::Event::close || event == Receiver::Event::failed) return events;
      }
    }
    return events;
  };
  if (run(size) != run(1 + data[0] % 7U)) __builtin_trap();
  return 0;
}
