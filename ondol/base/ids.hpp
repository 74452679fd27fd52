#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace ondol {

// From the system's generator; `octets` of randomness as twice as many hexadecimal digits.
std::string random_hex(std::size_t octets);

// Version 4, lower-case (RFC 9562 §5.4).
std::string random_uuid();

// 8-4-4-4-12 hexadecimal digits, any version, either case.
bool is_uuid(std::string_view text);

}  // namespace ondol
