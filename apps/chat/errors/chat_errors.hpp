#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <ondol/base/error.hpp>

namespace chat {

// The codes that the application throws itself (chat.md 7).
inline constexpr ondol::ErrorCode kBadParameter{4002};
inline constexpr ondol::ErrorCode kBadCredentials{4010};
inline constexpr ondol::ErrorCode kForbidden{4030};
inline constexpr ondol::ErrorCode kValidation{4221};
inline constexpr ondol::ErrorCode kTooMany{4290};

struct FieldError {
  std::string field;
  std::string code;
  std::string message;
};

// 4221 with its fields.
class ValidationError : public ondol::Error {
 public:
  explicit ValidationError(std::vector<FieldError> errors)
      : Error{kValidation, "Validation failed."}, errors_{std::move(errors)} {}
  const std::vector<FieldError>& errors() const { return errors_; }

 private:
  std::vector<FieldError> errors_;
};

// 4290 with the seconds after which it is worth another try.
class TooManyRequests : public ondol::Error {
 public:
  explicit TooManyRequests(int retry_after)
      : Error{kTooMany, "Too many requests."}, retry_after_{retry_after} {}
  int retry_after() const { return retry_after_; }

 private:
  int retry_after_;
};

// The error body of HTTP and of /user/queue/errors (chat.md 1).
struct ErrorBody {
  std::string code;
  std::string reason;
  std::optional<std::vector<FieldError>> errors;
  std::optional<int> retry_after;
};

ErrorBody to_body(const ValidationError& e);
ErrorBody to_body(const TooManyRequests& e);

// Gathers violations and throws them together.
class Validation {
 public:
  // Between `minimum` and `maximum` code points and not only white space (chat.md 1).
  Validation& length(std::string_view field, std::string_view text, std::size_t minimum,
                     std::size_t maximum);
  Validation& check(bool valid, std::string_view field, std::string_view code,
                    std::string_view message);
  void finish();

 private:
  std::vector<FieldError> errors_;
};

}  // namespace chat
