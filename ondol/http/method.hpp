#pragma once

#include <cstdint>
#include <string_view>

namespace ondol::http {

// The methods of RFC 9110 and 5789; every other method that the parser knows is `other`, and its name is in the
// request.
enum class Method : std::uint8_t { get, head, post, put, patch, del, options, trace, connect, other };

Method find_method(std::string_view name);
std::string_view to_text(Method method);

}  // namespace ondol::http
