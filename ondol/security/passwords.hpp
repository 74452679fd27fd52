#pragma once

#include <string>
#include <string_view>

namespace ondol::security {

// scrypt (RFC 7914) with a fresh salt, N = 2^log2_cost, r = 8, p = 1; the parameters stand in the
// text: $scrypt$ln=15,r=8,p=1$<salt>$<hash>. Slow on purpose (15: about 0.1 s and 32 MiB): call it
// on a worker.
std::string hash_password(std::string_view password, unsigned log2_cost);

// False also for a stored text that is none, or asks for more than 2^20.
bool verify_password(std::string_view password, std::string_view stored);

// SHA-256, lower-case hexadecimal: for secrets that are random already, such as refresh tokens.
std::string sha256_hex(std::string_view text);

}  // namespace ondol::security
