#pragma once

#include <exception>
#include <optional>
#include <stdexcept>
#include <string>

#include <ondol/gateway/stomp_settings.hpp>
#include <ondol/stomp/frame.hpp>

namespace ondol::gateway {

// A violation of the protocol by the client: its text is told in the ERROR frame as it is (ER-35).
class StompError : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

// What a failure before a handler was reached leads to (messaging.md 7.2 to 7.4): the ERROR frame
// that ends the session, or nothing when it is to be told on the error queue. `client` is the frame
// that failed; none when decoding failed (EH-6).
std::optional<stomp::Frame> error_for(const StompSettings& settings, const stomp::Frame* client,
                                      const std::exception& failure);

// ERROR with a text in its header `message`; the receipt is copied when there is a client frame
// (EH-3).
stomp::Frame error_frame(std::string_view message, const stomp::Frame* client);

}  // namespace ondol::gateway
