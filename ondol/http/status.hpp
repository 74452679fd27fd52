#pragma once

#include <string_view>

namespace ondol::http {

// RFC 9110 §15; empty for a status without a phrase of its own.
std::string_view reason_phrase(int status);

}  // namespace ondol::http
