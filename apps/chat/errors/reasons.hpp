#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace chat {

// The catalogue of chat.md 7 in English and Korean. Who accepts Korean rather than English reads
// the catalogue's; who accepts English rather than Korean reads what was thrown, or the catalogue
// where that is Korean; who says nothing reads what was thrown, which is Korean for refused tokens
// and logins only. A refused login has a text of its own in both.
std::string reason_in(std::uint16_t code, std::string_view thrown, std::string_view languages);

}  // namespace chat
