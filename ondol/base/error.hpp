#pragma once

#include <cstdint>
#include <stdexcept>
#include <string>

namespace ondol {

// Four decimal digits: an HTTP status times ten plus a reason within it (ER-40). 4011 is status
// 401, reason 1; reason 0 says no more than the status does.
class ErrorCode {
 public:
  constexpr explicit ErrorCode(std::uint16_t value) : value_{value} {}

  constexpr std::uint16_t value() const { return value_; }
  constexpr std::uint16_t status() const { return static_cast<std::uint16_t>(value_ / 10); }

  friend constexpr bool operator==(ErrorCode, ErrorCode) = default;

 private:
  std::uint16_t value_;
};

// A failure that a client may be told about: `what()` is the public reason, nothing internal
// belongs in it. Thrown where it is found, mapped at the edge (HTTP answer, STOMP error queue) and
// nowhere between.
class Error : public std::runtime_error {
 public:
  Error(ErrorCode code, const std::string& public_reason)
      : std::runtime_error{public_reason}, code_{code} {}

  ErrorCode code() const { return code_; }

 private:
  ErrorCode code_;
};

}  // namespace ondol
