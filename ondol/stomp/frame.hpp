#pragma once

#include <string>

#include <ondol/stomp/command.hpp>
#include <ondol/stomp/headers.hpp>

namespace ondol::stomp {

// One STOMP frame as a value: headers un-escaped, the body as octets.
struct Frame {
  Command command = Command::send;
  Headers headers;
  std::string body;  // of SEND, MESSAGE and ERROR only (ST-30)
  // The real value of `passcode` in CONNECT and STOMP, whose header reads PROTECTED (ST-35). Never
  // log it.
  std::string passcode;

  friend bool operator==(const Frame&, const Frame&) = default;
};

}  // namespace ondol::stomp
