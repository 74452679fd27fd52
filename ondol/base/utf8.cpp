#include <ondol/base/utf8.hpp>

#include <cstring>

namespace ondol {
namespace {

// The states say what must come next: how many continuation octets, and the narrower range that the
// first of them has after some leading octets (RFC 3629 §4).
enum State : std::uint8_t {
  kStart,
  kOne,      // one octet 80..BF
  kTwo,      // two of them
  kThree,    // three of them
  kAfterE0,  // A0..BF, then one
  kAfterED,  // 80..9F, then one
  kAfterF0,  // 90..BF, then two
  kAfterF4,  // 80..8F, then two
  kRefused,
};

State after_lead(unsigned char octet) {
  if (octet < 0x80) return kStart;
  if (octet < 0xC2) return kRefused;
  if (octet < 0xE0) return kOne;
  if (octet == 0xE0) return kAfterE0;
  if (octet == 0xED) return kAfterED;
  if (octet < 0xF0) return kTwo;
  if (octet == 0xF0) return kAfterF0;
  if (octet < 0xF4) return kThree;
  if (octet == 0xF4) return kAfterF4;
  return kRefused;
}

State step(State state, unsigned char octet) {
  const auto within = [octet](unsigned char low, unsigned char high) {
    return octet >= low && octet <= high;
  };
  switch (state) {
    case kStart:
      return after_lead(octet);
    case kOne:
      return within(0x80, 0xBF) ? kStart : kRefused;
    case kTwo:
      return within(0x80, 0xBF) ? kOne : kRefused;
    case kThree:
      return within(0x80, 0xBF) ? kTwo : kRefused;
    case kAfterE0:
      return within(0xA0, 0xBF) ? kOne : kRefused;
    case kAfterED:
      return within(0x80, 0x9F) ? kOne : kRefused;
    case kAfterF0:
      return within(0x90, 0xBF) ? kTwo : kRefused;
    case kAfterF4:
      return within(0x80, 0x8F) ? kTwo : kRefused;
    case kRefused:
      break;
  }
  return kRefused;
}

}  // namespace

bool Utf8Validator::feed(std::string_view piece) {
  auto state = static_cast<State>(state_);
  std::size_t i = 0;
  while (i < piece.size()) {
    if (state == kStart) {
      // Eight octets of ASCII at a time.
      std::uint64_t word = 0;
      while (i + 8 <= piece.size()) {
        std::memcpy(&word, piece.data() + i, 8);
        if ((word & 0x8080808080808080ULL) != 0) break;
        i += 8;
      }
      if (i == piece.size()) break;
    }
    state = step(state, static_cast<unsigned char>(piece[i++]));
    if (state == kRefused) break;
  }
  state_ = state;
  return state != kRefused;
}

bool is_valid_utf8(std::string_view text) {
  Utf8Validator validator;
  return validator.feed(text) && validator.complete();
}

std::size_t count_code_points(std::string_view text) {
  std::size_t count = 0;
  for (const char c : text) count += (static_cast<unsigned char>(c) & 0xC0) != 0x80 ? 1 : 0;
  return count;
}

void append_utf8(std::string& out, std::uint32_t code_point) {
  const auto continuation = [&](int shift) {
    out += static_cast<char>(0x80 | ((code_point >> shift) & 0x3f));
  };
  if (code_point < 0x80) {
    out += static_cast<char>(code_point);
  } else if (code_point < 0x800) {
    out += static_cast<char>(0xc0 | (code_point >> 6));
    continuation(0);
  } else if (code_point < 0x10000) {
    out += static_cast<char>(0xe0 | (code_point >> 12));
    continuation(6);
    continuation(0);
  } else {
    out += static_cast<char>(0xf0 | (code_point >> 18));
    continuation(12);
    continuation(6);
    continuation(0);
  }
}

}  // namespace ondol
