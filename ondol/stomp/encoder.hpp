#pragma once

#include <string>
#include <string_view>

#include <ondol/stomp/frame.hpp>

namespace ondol::stomp {

// name:value LF. What goes into an unescaped frame loses CR, LF and NUL, so that no value can begin a header (ST-44).
void append_header(std::string& out, std::string_view name, std::string_view value, bool escape);

// The octets of a frame (ST-40 to ST-47).
std::string encode(const Frame& frame);

// Whether the frame goes out as a binary WebSocket message: octet streams (ST-49), and what is no UTF-8 (ST-50).
bool goes_as_binary(const Frame& frame);

}  // namespace ondol::stomp
