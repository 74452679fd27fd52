#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <iterator>
#include <string>
#include <string_view>
#include <vector>

#include <ondol/stomp/decoder.hpp>
#include <ondol/stomp/encoder.hpp>

namespace {

using namespace ondol::stomp;

struct Outcome {
  std::vector<Frame> frames;
  std::string error;
};

Outcome decode(std::string_view stream, std::size_t step) {
  Outcome outcome;
  Decoder decoder{Limits{}};
  for (std::size_t at = 0; at < stream.size(); at += step) {
    auto decoded = decoder.feed(stream.substr(at, step));
    if (!decoded) {
      outcome.error = decoded.error().text;
      break;
    }
    std::move(decoded->frames.begin(), decoded->frames.end(), std::back_inserter(outcome.frames));
  }
  return outcome;
}

void check(bool holds) {
  if (!holds) __builtin_trap();
}

// What was decoded is encoded to something that decodes to the same, the computed length aside.
void check_round_trip(Frame frame) {
  const auto text = encode(frame);
  if (text.size() > Limits{}.message_size || frame.headers.size() >= Limits{}.max_headers) return;
  auto again = decode(text, text.size());
  check(again.error.empty() && again.frames.size() == 1);
  if (may_have_body(frame.command)) {
    frame.headers.remove("content-length");
    again.frames[0].headers.remove("content-length");
  }
  check(again.frames[0] == frame);
}

// ST-44 takes octets away from these, and replacing invalid UTF-8 (ST-20) can make a line longer
// than is allowed.
bool survives_encoding(const Frame& frame) {
  if (frame.passcode.find('\0') != std::string::npos) return false;
  return std::ranges::all_of(frame.headers, [&](const Headers::Entry& entry) {
    const auto lost = [](char c) { return c == '\r' || c == '\n' || c == '\0'; };
    const bool stripped =
        has_plain_headers(frame.command) &&
        (std::ranges::any_of(entry.first, lost) || std::ranges::any_of(entry.second, lost));
    return !stripped && 2 * (entry.first.size() + entry.second.size()) < Limits{}.max_header_length;
  });
}

}  // namespace

// The first octet says how the rest is cut: in pieces and as a whole it must come to the same.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size < 2 || size > Limits{}.message_size) return 0;
  const std::string_view stream{reinterpret_cast<const char*>(data) + 1, size - 1};
  const auto whole = decode(stream, stream.size());
  const auto pieces = decode(stream, std::size_t{1} + data[0]);
  check(whole.error == pieces.error);
  check(!whole.error.empty() || whole.frames == pieces.frames);
  for (const auto& frame : pieces.frames) {
    if (survives_encoding(frame)) check_round_trip(frame);
  }
  return 0;
}
