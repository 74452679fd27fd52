#pragma once

#include <ondol/http/request.hpp>

namespace ondol::http {

// tchar of RFC 9110 §5.6.2.
bool is_token_character(char c);

// What the grammar of a head leaves open: which fields must be there, which must not meet, and what
// the target names. Fills in path and query. Answers the status to refuse the request with, or 0.
int check_head(Request& request);

}  // namespace ondol::http
