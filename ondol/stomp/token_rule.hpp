#pragma once

#include <cstdint>

namespace ondol::stomp {

// How the tokens of `accept-version` and `heart-beat` are read (ST-37, ST-38).
enum class TokenRule : std::uint8_t {
  trimmed,  // blanks around a token do not count
  strict,   // blanks are part of the token (compat.strictTokens)
};

}  // namespace ondol::stomp
