#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <stdexcept>
#include <string>
#include <vector>

#include <apps/load/client.hpp>
#include <apps/load/options.hpp>
#include <apps/load/report.hpp>
#include <apps/load/server_process.hpp>

namespace load {

// The server refused, closed or sent ERROR: with its text. Exit status 2.
class ServerFailed : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

constexpr std::uint64_t to_nanoseconds(double seconds) {
  return static_cast<std::uint64_t>(seconds * 1e9);
}

// What all workloads share: clients that are set up a few at a time, the measured window, progress.
class Run {
 public:
  explicit Run(const Options& options)
      : options_{options}, server_{options.server_pid, options.server_children} {}

  Engine& engine() { return engine_; }
  const Options& options() const { return options_; }
  Report& report() { return report_; }
  const ServerProcess& server() const { return server_; }

  // Makes `count` clients with `events` and connects them, options().concurrency at a time. A
  // client is set up when ready() was called for it. Throws ServerFailed.
  void connect(std::size_t count, Client::Events& events,
               const std::function<void(Client&)>& prepare = {});
  void ready() { ++ready_; }
  Client& client(std::size_t index) { return *clients_[index]; }
  std::size_t clients() const { return clients_.size(); }

  // Turns until the time is over; throws ServerFailed when a client was lost meanwhile.
  void turn_for(double seconds);
  bool turn_until(const std::function<bool()>& done, double seconds);
  void failed(std::string why);

  // Warm-up, then the window: `units` counts what is done, and is asked at both ends. Adds rate and
  // core time for each to the report.
  void measure(const std::string& unit, const std::function<std::uint64_t()>& units);
  bool measuring() const { return measuring_; }

 private:
  void progress(const std::string& what, const std::function<std::uint64_t()>& units);

  const Options& options_;
  ServerProcess server_;
  Engine engine_;
  Report report_;
  std::vector<std::unique_ptr<Client>> clients_;
  std::size_t ready_ = 0;
  bool measuring_ = false;
  bool watching_ = false;
  std::string failure_;
};

void run_fanout(Run& run);
void run_rooms(Run& run);
void run_idle(Run& run);
void run_storm(Run& run);
void run_durable(Run& run);
void run_http(Run& run);

}  // namespace load
