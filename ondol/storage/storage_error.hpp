#pragma once

#include <cstdint>
#include <stdexcept>
#include <string>

#include <ondol/base/error.hpp>

namespace ondol::storage {

enum class StorageFailure : std::uint8_t {
  unavailable,  // disk full, input/output, locked, queue full: the same call may succeed later
  constraint,   // the statement contradicts the schema
  internal,     // a statement that does not fit its use: a bug
};

// What a store could not do. The public reason says no more than "service unavailable" (5030) or
// "Internal error" (5000); the text of the database is for the log.
class StorageError : public Error {
 public:
  StorageError(StorageFailure failure, std::string internal_text);

  StorageFailure failure() const { return failure_; }
  const std::string& internal_text() const { return internal_text_; }

 private:
  StorageFailure failure_;
  std::string internal_text_;
};

// A store that must not be opened, said at start-up to the one who runs the program: a foreign
// file, a schema of a newer program, a directory that another process uses.
class OpenRefused : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

}  // namespace ondol::storage
