#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace ondol {

// UTF-8 as RFC 3629 has it: shortest forms only, no surrogates, nothing above U+10FFFF.
bool is_valid_utf8(std::string_view text);

// Of valid UTF-8.
std::size_t count_code_points(std::string_view text);

// `code_point` must be a scalar value: below 0x110000 and no surrogate.
void append_utf8(std::string& out, std::uint32_t code_point);

// Judges UTF-8 that arrives in pieces, and refuses at the first octet that no valid text can have
// there.
class Utf8Validator {
 public:
  bool feed(std::string_view piece);             // false: refused; stays refused until reset()
  bool complete() const { return state_ == 0; }  // no character is half finished
  void reset() { state_ = 0; }

 private:
  std::uint8_t state_ = 0;
};

}  // namespace ondol
