#pragma once

#include <chrono>
#include <cstddef>
#include <map>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

namespace ondol::config {

// A setting that cannot be read: names the key, its value and what was expected.
class SettingsError : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

// The layered settings of a server: application.properties, application.yaml, environment,
// --name=value; the later one wins (WB-416 to WB-421). Names are kebab-case with dots; the
// environment writes them in capitals with _ for dots and without dashes (JWT_SECRETKEY). Read on
// the main thread before the start.
class Settings {
 public:
  Settings() = default;

  // Reads all sources. `directory` is where the files are looked for; a missing file is no error.
  static Settings load(int argc, const char* const* argv, const std::string& directory = ".");

  // `source` is named in errors.
  void set(std::string_view name, std::string value, std::string source);

  std::optional<std::string> find(std::string_view name) const;

  std::string text(std::string_view name, std::string_view otherwise) const;
  bool flag(std::string_view name, bool otherwise) const;
  std::int64_t number(std::string_view name, std::int64_t otherwise, std::int64_t minimum,
                      std::int64_t maximum) const;
  // 500ms, 10s, 20m, 12h, 14d; a bare number is milliseconds.
  std::chrono::milliseconds duration(std::string_view name,
                                     std::chrono::milliseconds otherwise) const;
  // 64KB, 17MB, or octets.
  std::size_t size(std::string_view name, std::size_t otherwise) const;
  std::vector<std::string> list(std::string_view name, std::vector<std::string> otherwise) const;

  // Keys that were set below one of the groups of what was asked for, but never asked for
  // themselves, each with the nearest known name.
  std::vector<std::string> unknown_keys() const;

 private:
  struct Entry {
    std::string value;
    std::string source;
  };
  const Entry* entry(std::string_view name) const;
  [[noreturn]] void malformed(std::string_view name, const Entry& entry,
                              std::string_view expected) const;

  std::map<std::string, Entry, std::less<>> values_;  // by canonical name
  std::map<std::string, Entry, std::less<>> environment_;
  mutable std::map<std::string, std::string, std::less<>> asked_;  // canonical name → name
};

}  // namespace ondol::config
