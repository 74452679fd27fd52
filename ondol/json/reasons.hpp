#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>

namespace ondol::json {

// The reason that a client reads for an error code: chosen by an application that speaks several
// languages. `languages` is what the client accepts (RFC 9110 §12.5.4), empty if it said nothing;
// `reason` is the text of whoever failed. Called on any thread; must not throw.
using Reasons = std::function<std::string(std::uint16_t code, std::string_view reason,
                                          std::string_view languages)>;

// An error body {"code":"4040","reason":"…",…} with its reason chosen anew; any other text as it
// is.
std::string with_reason(std::string body, const Reasons& reasons, std::string_view languages);

}  // namespace ondol::json
