#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <fmt/core.h>

namespace ondol::log {

enum class Level : std::uint8_t { trace, debug, info, warn, error, off };

std::optional<Level> parse_level(std::string_view text);

// The level of a category and of everything below it; "root" is all. From any thread.
void set_level(std::string_view category, Level level);

// Writes lines of one category, such as "ondol.gateway", to standard error. Cheap when the level is
// off: nothing is formatted. From any thread. Control characters in a text are escaped, so that a
// client cannot forge a line.
class Logger {
 public:
  constexpr explicit Logger(const char* category) : category_{category} {}

  bool enabled(Level level) const;

  template <class... Args>
  void debug(fmt::format_string<Args...> format, Args&&... args) const {
    write(Level::debug, format, std::forward<Args>(args)...);
  }
  template <class... Args>
  void info(fmt::format_string<Args...> format, Args&&... args) const {
    write(Level::info, format, std::forward<Args>(args)...);
  }
  template <class... Args>
  void warn(fmt::format_string<Args...> format, Args&&... args) const {
    write(Level::warn, format, std::forward<Args>(args)...);
  }
  template <class... Args>
  void error(fmt::format_string<Args...> format, Args&&... args) const {
    write(Level::error, format, std::forward<Args>(args)...);
  }

 private:
  template <class... Args>
  void write(Level level, fmt::format_string<Args...> format, Args&&... args) const {
    if (enabled(level)) submit(level, fmt::format(format, std::forward<Args>(args)...));
  }
  void submit(Level level, std::string_view text) const;

  const char* category_;
};

// Gathers lines instead of writing them, while it lives. For tests; one at a time.
class Capture {
 public:
  Capture();
  ~Capture();
  Capture(const Capture&) = delete;
  Capture& operator=(const Capture&) = delete;
  std::vector<std::string> lines() const;
};

}  // namespace ondol::log
