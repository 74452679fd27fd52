#include <string>

#include <apps/load/run.hpp>

namespace load {
namespace {

constexpr std::uint64_t kHeartBeatPeriod = 10'000'000'000;

// Each client says something once a period, spread over it.
void beat(Run& run, std::size_t index) {
  auto& engine = run.engine();
  const auto step = kHeartBeatPeriod / std::max<std::size_t>(1, run.clients());
  engine.at(Engine::now() + step, [&run, index] {
    run.client(index).heart_beat();
    beat(run, (index + 1) % run.clients());
  });
}

}  // namespace

void run_idle(Run& run) {
  const auto& options = run.options();
  Client::Events events;
  events.connected = [&](Client& client) {
    client.subscribe("idle" + std::to_string(client.index()), "sub-0");
    if (!options.target.receipts) run.ready();
  };
  events.subscribed = [&](Client&, std::string_view) { run.ready(); };
  const auto before = run.server().usage();
  const auto begin = Engine::now();
  run.connect(options.connections, events);
  const auto seconds = static_cast<double>(Engine::now() - begin) / 1e9;
  if (options.heart_beats) beat(run, 0);
  run.turn_for(options.settle);
  const auto after = run.server().usage();
  run.turn_for(options.hold);
  const auto end = run.server().usage();

  auto& report = run.report();
  report.add("sessions", static_cast<std::uint64_t>(options.connections));
  report.add("sessions_per_s", static_cast<double>(options.connections) / seconds);
  report.add("held_seconds", options.hold);
  if (run.server().known()) {
    report.add("server_resident_before", before.resident);
    report.add("server_resident_after", end.resident);
    report.add("server_resident_each",
               (static_cast<double>(end.resident) - static_cast<double>(before.resident)) /
                   static_cast<double>(options.connections));
    report.add("server_core_seconds_while_held", end.core_seconds - after.core_seconds);
  }
}

}  // namespace load
