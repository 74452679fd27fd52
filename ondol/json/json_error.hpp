#pragma once

#include <stdexcept>
#include <string>

namespace ondol::json {

// Why a text is not the JSON that was asked for. The path names the place, as /items/2/price; it is
// empty for the whole text. All three may be told to the client.
class JsonError : public std::runtime_error {
 public:
  JsonError(std::string path, std::string expected, std::string actual)
      : std::runtime_error{(path.empty() ? std::string{"body"} : path) + ": expected " + expected +
                           ", got " + actual},
        path_{std::move(path)},
        expected_{std::move(expected)},
        actual_{std::move(actual)} {}

  const std::string& path() const { return path_; }
  const std::string& expected() const { return expected_; }
  const std::string& actual() const { return actual_; }

 private:
  std::string path_;
  std::string expected_;
  std::string actual_;
};

}  // namespace ondol::json
