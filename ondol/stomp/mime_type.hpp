#pragma once

#include <string_view>

namespace ondol::stomp {

// Whether a `content-type` is one (ST-31): type/subtype of tokens (RFC 9110 §8.3.1), `*/*`,
// `type/*` or a lone `*`, then parameters. A charset must be one that is known; a parameter without
// `=` is passed over.
bool is_mime_type(std::string_view text);

// Whether the type, its parameters aside, is application/octet-stream or a wildcard that covers it
// (ST-49).
bool covers_octet_stream(std::string_view content_type);

}  // namespace ondol::stomp
