#pragma once

#include <ondol/http/response.hpp>

namespace ondol::http {

// The answer of the server itself, when nobody above it can or may answer: a page with the status
// and its phrase and nothing else, no version, no name of a product or a type (WB-56).
Response status_page(int status);

}  // namespace ondol::http
