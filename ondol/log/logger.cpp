#include <ondol/log/logger.hpp>

#include <atomic>
#include <map>
#include <memory>
#include <mutex>
#include <shared_mutex>

#include <spdlog/sinks/stdout_sinks.h>
#include <spdlog/spdlog.h>

namespace ondol::log {
namespace {

struct State {
  std::shared_mutex mutex;
  std::map<std::string, Level, std::less<>> levels{{"root", Level::info}};
  // The lowest level of all categories: most calls below it end here, without the lock.
  std::atomic<Level> lowest{Level::info};
  std::mutex capture_mutex;
  std::unique_ptr<std::vector<std::string>> captured;
  std::shared_ptr<spdlog::logger> backend = make_backend();

  static std::shared_ptr<spdlog::logger> make_backend() {
    auto logger =
        std::make_shared<spdlog::logger>("", std::make_shared<spdlog::sinks::stderr_sink_mt>());
    logger->set_level(spdlog::level::trace);
    logger->set_pattern("%Y-%m-%dT%H:%M:%S.%eZ %-8l[%t] %v", spdlog::pattern_time_type::utc);
    logger->flush_on(spdlog::level::trace);
    return logger;
  }
};

// Never destroyed: threads may log until the very end.
State& state() {
  static State* const instance = new State;
  return *instance;
}

spdlog::level::level_enum backend_level(Level level) {
  switch (level) {
    case Level::trace:
      return spdlog::level::trace;
    case Level::debug:
      return spdlog::level::debug;
    case Level::info:
      return spdlog::level::info;
    case Level::warn:
      return spdlog::level::warn;
    case Level::error:
      return spdlog::level::err;
    case Level::off:
      break;
  }
  return spdlog::level::off;
}

std::string without_control_characters(std::string_view text) {
  std::string out;
  out.reserve(text.size());
  for (const char c : text) {
    const auto octet = static_cast<unsigned char>(c);
    if (octet < 0x20 || octet == 0x7F) {
      fmt::format_to(std::back_inserter(out), "\\x{:02x}", octet);
    } else {
      out += c;
    }
  }
  return out;
}

}  // namespace

std::optional<Level> parse_level(std::string_view text) {
  static const std::map<std::string_view, Level> kNames{
      {"trace", Level::trace}, {"debug", Level::debug}, {"info", Level::info},
      {"warn", Level::warn},   {"error", Level::error}, {"off", Level::off}};
  const auto found = kNames.find(text);
  if (found == kNames.end()) return std::nullopt;
  return found->second;
}

void set_level(std::string_view category, Level level) {
  auto& s = state();
  const std::unique_lock lock{s.mutex};
  s.levels.insert_or_assign(std::string{category}, level);
  auto lowest = Level::off;
  for (const auto& [name, value] : s.levels) lowest = std::min(lowest, value);
  s.lowest = lowest;
}

bool Logger::enabled(Level level) const {
  auto& s = state();
  if (level < s.lowest.load(std::memory_order_relaxed)) return false;
  const std::shared_lock lock{s.mutex};
  for (std::string_view name = category_; !name.empty();) {
    if (const auto found = s.levels.find(name); found != s.levels.end())
      return level >= found->second;
    const auto dot = name.rfind('.');
    name = dot == std::string_view::npos ? std::string_view{} : name.substr(0, dot);
  }
  return level >= s.levels.find("root")->second;
}

void Logger::submit(Level level, std::string_view text) const {
  auto& s = state();
  const auto line = fmt::format("{} - {}", category_, without_control_characters(text));
  {
    const std::lock_guard lock{s.capture_mutex};
    if (s.captured) {
      s.captured->push_back(line);
      return;
    }
  }
  s.backend->log(backend_level(level), line);
}

Capture::Capture() {
  auto& s = state();
  const std::lock_guard lock{s.capture_mutex};
  s.captured = std::make_unique<std::vector<std::string>>();
}

Capture::~Capture() {
  auto& s = state();
  const std::lock_guard lock{s.capture_mutex};
  s.captured.reset();
}

std::vector<std::string> Capture::lines() const {
  auto& s = state();
  const std::lock_guard lock{s.capture_mutex};
  return *s.captured;
}

}  // namespace ondol::log
