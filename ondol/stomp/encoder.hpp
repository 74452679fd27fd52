#pragma once

#include <string>
#include <string_view>

#include <ondol/stomp/frame.hpp>

namespace ondol::stomp {

// A heart-beat: goes out alone, as a text message (ST-45).
inline constexpr std::string_view kHeartBeat = "\n";

// name:value LF. `escape` is !has_plain_headers(command); what goes into an unescaped frame loses
// CR, LF and NUL instead, so that no value can begin a header (ST-44).
void append_header(std::string& out, std::string_view name, std::string_view value, bool escape);

// The octets of a frame, nothing behind its NUL (ST-40 to ST-47): one WebSocket message (ST-48).
// The length is computed and goes last (ST-41); a body where none may be is left out (ST-30).
void append_frame(std::string& out, const Frame& frame);
std::string encode(const Frame& frame);

// Whether the frame goes out as a binary WebSocket message: octet streams (ST-49), and what is no
// UTF-8 (ST-50). Not for SockJS, which has text only (ST-51).
bool goes_as_binary(const Frame& frame);

}  // namespace ondol::stomp
