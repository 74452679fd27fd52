#pragma once

#include <string>

#include <ondol/stomp/command.hpp>
#include <ondol/stomp/headers.hpp>

namespace ondol::stomp {

// One STOMP frame, headers un-escaped.
struct Frame {
  Command command = Command::send;
  Headers headers;
  std::string body;
  // The real value of `passcode` in CONNECT and STOMP, whose header reads PROTECTED (ST-35).
  std::string passcode;
};

}  // namespace ondol::stomp
