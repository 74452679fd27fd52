#pragma once

#include <string_view>

namespace ondol::stomp {

// type/subtype with parameters, tokens as in RFC 9110 §8.3.1; a charset parameter must be one that is known.
bool is_mime_type(std::string_view text);

}  // namespace ondol::stomp
