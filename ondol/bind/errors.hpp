#pragma once

#include <string>
#include <string_view>

#include <ondol/base/error.hpp>

// What binding a handler's parameters may fail with; each is an Error with its code.
namespace ondol::bind {

class MissingValue : public Error {
 public:
  explicit MissingValue(std::string_view name)
      : Error{ErrorCode{4001}, "Required parameter '" + std::string{name} + "' is missing."} {}
};

class TypeMismatch : public Error {
 public:
  TypeMismatch(std::string_view name, std::string_view expected)
      : Error{ErrorCode{4002},
              "Parameter '" + std::string{name} + "' must be " + std::string{expected} + "."} {}
};

class Unreadable : public Error {
 public:
  explicit Unreadable(const std::string& why) : Error{ErrorCode{4003}, why} {}
};

class UnsupportedMedia : public Error {
 public:
  explicit UnsupportedMedia(std::string_view type)
      : Error{ErrorCode{4150}, "Content type '" + std::string{type} + "' is not supported."} {}
};

}  // namespace ondol::bind
