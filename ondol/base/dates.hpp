#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <string_view>

namespace ondol {

// A moment in UTC, to the millisecond: what is stored and what clients see.
using Instant = std::chrono::sys_time<std::chrono::milliseconds>;

Instant now_instant();

// 2026-11-21T09:30:00.123Z
std::string to_iso8601(Instant instant);

// The same form, with 0 to 3 digits of a second's fraction; nothing for anything else.
std::optional<Instant> parse_iso8601(std::string_view text);

// Sun, 06 Nov 1994 08:49:37 GMT (RFC 9110 §5.6.7)
std::string to_http_date(Instant instant);

}  // namespace ondol
