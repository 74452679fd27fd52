#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

#include <ondol/config/source.hpp>

namespace ondol::config {

// A setting that cannot be read: names the key, its value, where it was set and what was expected
// (WB-423).
class SettingsError : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

// One line of the reference: what a server asked for when it read its settings.
struct KnownSetting {
  std::string name;
  std::string type;
  std::string otherwise;  // the default, as one would write it
  std::string description;
  bool secret = false;
};

// The layered settings of a server: files, environment, command line; the later one wins (WB-415).
// Names are kebab-case with dots; camelCase and underscores mean the same (WB-421). Reading a
// setting makes it known, with its default and description, so the reference is what the program
// does. Values may hold ${name} and ${name:default} (WB-420). Not synchronized: settings are read
// on the main thread before the start.
class Settings {
 public:
  Settings() = default;
  // In rising precedence.
  explicit Settings(std::vector<Source> sources) : sources_{std::move(sources)} {}

  // `source` is named in errors. Wins over all that is there.
  void set(std::string_view name, std::string value, std::string source);

  // The value, placeholders replaced; does not make the name known.
  std::optional<std::string> find(std::string_view name) const;

  std::string text(std::string_view name, std::string_view otherwise,
                   std::string_view description) const;
  // Never printed (WB-425).
  std::optional<std::string> secret(std::string_view name, std::string_view description) const;
  bool flag(std::string_view name, bool otherwise, std::string_view description) const;
  std::int64_t number(std::string_view name, std::int64_t otherwise, std::int64_t minimum,
                      std::int64_t maximum, std::string_view description) const;
  // 500ms, 10s, 20m, 12h, 14d; a bare number is milliseconds.
  std::chrono::milliseconds duration(std::string_view name, std::chrono::milliseconds otherwise,
                                     std::string_view description) const;
  // 64KB, 17MB, or octets.
  std::size_t size(std::string_view name, std::size_t otherwise,
                   std::string_view description) const;
  // Comma text, or name[0], name[1], …
  std::vector<std::string> list(std::string_view name, std::vector<std::string> otherwise,
                                std::string_view description) const;
  // One of `choices`; the first is the default.
  std::string choice(std::string_view name, const std::vector<std::string>& choices,
                     std::string_view description) const;

  // By name, all that has been read.
  const std::map<std::string, KnownSetting, std::less<>>& known() const { return known_; }

  // Keys that were set below one of the groups of what is known, but are not known themselves, each
  // with its source and the nearest known name.
  std::vector<std::string> unknown_keys() const;

 private:
  struct Found {
    std::string value;
    const std::string* source;
  };
  std::optional<Found> entry(std::string_view name, int depth = 0) const;
  std::string resolve(std::string_view text, std::string_view name, int depth) const;
  std::optional<Found> ask(std::string_view name, std::string_view type, std::string otherwise,
                           std::string_view description, bool secret = false) const;
  [[noreturn]] static void malformed(std::string_view name, const Found& found,
                                     std::string_view expected);

  std::vector<Source> sources_;
  mutable std::map<std::string, KnownSetting, std::less<>> known_;
};

}  // namespace ondol::config
