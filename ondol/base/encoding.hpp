#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace ondol {

// RFC 4648 §4, with padding. Decoding is strict: padding must be there, unused bits must be zero,
// nothing else may be.
std::string base64_encode(std::string_view octets);
std::optional<std::string> base64_decode(std::string_view text);

// RFC 4648 §5 without padding, as RFC 7515 §2 uses it; as strict.
std::string base64url_encode(std::string_view octets);
std::optional<std::string> base64url_decode(std::string_view text);

// Lower-case.
std::string hex_encode(std::string_view octets);

// RFC 3986 §2.1; nothing for a % without two hexadecimal digits. A + stays a +.
std::optional<std::string> percent_decode(std::string_view text);

}  // namespace ondol
