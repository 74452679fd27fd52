#pragma once

#include <exception>
#include <optional>
#include <stdexcept>
#include <string>

#include <ondol/gateway/stomp_settings.hpp>
#include <ondol/messaging/message.hpp>
#include <ondol/stomp/frame.hpp>

namespace ondol::gateway {

// A violation of the protocol by the client: its text is told in the ERROR frame as it is (ER-35).
class StompError : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

// What a failure before a handler was reached leads to (messaging.md 7.2 to 7.4).
struct FailureAnswer {
  std::optional<stomp::Frame> error;               // ERROR, and the session ends
  std::optional<messaging::Message> to_user_queue;  // MESSAGE on /user/queue/errors, and the session stays
};

// `client` is the frame that failed; nothing when decoding failed (EH-6).
FailureAnswer answer_failure(const StompSettings& settings, const stomp::Frame* client, std::exception_ptr failure);

// ERROR with a text in its header `message`; the receipt is copied when there is a client frame (EH-3).
stomp::Frame error_frame(std::string_view message, const stomp::Frame* client);

}  // namespace ondol::gateway
