#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <string>

#include <ondol/json/reasons.hpp>
#include <ondol/stomp/limits.hpp>

namespace ondol::gateway {

enum class ErrorFormat : std::uint8_t {
  code_json,  // header `message` is the code, body {"reason":"…"}
  name_text,  // header `message` is a name such as UNAUTHORIZED, body the bare reason
};

enum class ErrorHandler : std::uint8_t {
  none,   // EH-1: the bare default
  stock,  // EH-3: copies the receipt
};

// The switches of messaging.md 12.6 that concern a STOMP session.
struct StompSettings {
  stomp::Limits limits;  // stomp.messageSizeLimit, stomp.maxHeaders, stomp.maxHeaderLength
  std::chrono::milliseconds heartbeat_outgoing{0};  // broker.heartbeat, first number
  std::chrono::milliseconds heartbeat_incoming{0};  // second number
  bool receipts = false;                            // broker.receipts (SE-34)
  std::size_t max_subscriptions = 200'000;          // of one session; one more ends it
  // SENDs of one session whose handlers may wait at the same time; they begin in their order. 1:
  // each waits for the one before it.
  std::size_t max_overlapping_sends = 1;
  bool disconnect_error = true;                       // compat.disconnectError (SE-32)
  std::chrono::milliseconds disconnect_linger{5000};  // disconnect.linger (SE-31)
  ErrorHandler error_handler = ErrorHandler::stock;
  ErrorFormat error_format = ErrorFormat::code_json;    // error.format
  bool error_expose_messages = true;                    // error.exposeMessages (EH-10)
  std::string error_default_reason = "Internal error";  // error.defaultReason (ER-24)
  json::Reasons reasons;  // of a refused CONNECT; empty: as they were thrown
};

}  // namespace ondol::gateway
