#include <optional>

#include <apps/load/run.hpp>
#include <apps/load/workload/flight.hpp>

namespace load {
namespace {

constexpr std::string_view kChannel = "load";

class Fanout {
 public:
  explicit Fanout(Run& run)
      : run_{run}, flight_{run.options().publishers, run.options().subscribers} {}

  void run() {
    const auto& options = run_.options();
    readers_.connected = [&](Client& client) {
      client.subscribe(kChannel, options.distinct_ids ? "sub-" + std::to_string(client.index())
                                                      : std::string{"sub-0"});
      if (!options.target.receipts) run_.ready();
    };
    readers_.subscribed = [&](Client&, std::string_view) { run_.ready(); };
    readers_.message = [&](Client& client, std::string_view text) { heard(client, text); };
    writers_.connected = [&](Client&) { run_.ready(); };
    stalled_ = readers_;
    stalled_.message = [](Client&, std::string_view) {};
    // The server may well end them: that is what they are here for.
    stalled_.lost = [&](Client&, const std::string&) { ++stalled_lost_; };

    run_.connect(options.subscribers, readers_);
    if (options.stalled > 0) run_.connect(options.stalled, stalled_);
    run_.connect(options.publishers, writers_);
    for (std::size_t i = 0; i < options.stalled; ++i) {
      run_.client(options.subscribers + i).stop_reading();
    }
    run_.turn_for(options.settle);

    if (options.rate > 0) {
      open_.emplace(run_.engine(), options.rate,
                    [&](std::uint64_t due) { send(turn_++ % options.publishers, due); });
    } else {
      for (std::size_t i = 0; i < options.window; ++i) send(i % options.publishers, Engine::now());
    }
    run_.measure("deliveries", [&] { return deliveries_; });
    sending_ = false;
    if (open_) open_->stop();
    run_.turn_until([&] { return flight_.in_flight() == 0; }, options.drain);

    auto& report = run_.report();
    report.add_latency("latency", latency_);
    std::uint64_t lost = 0;
    std::uint64_t doubled = 0;
    std::uint64_t out_of_order = 0;
    flight_.add_to(lost, doubled, out_of_order);
    report_faults(report, lost, doubled, out_of_order);
    if (options.stalled > 0) report.add("stalled_ended_by_server", stalled_lost_);
  }

 private:
  void send(std::size_t publisher, std::uint64_t due) {
    const Stamp stamp{static_cast<std::uint32_t>(publisher), flight_.send(publisher), due};
    const auto& options = run_.options();
    run_.client(options.subscribers + options.stalled + publisher)
        .publish(kChannel, write_stamp(stamp, options.size));
  }

  void heard(const Client& client, std::string_view text) {
    const auto stamp = read_stamp(text);
    if (!stamp) return;
    ++deliveries_;
    if (run_.measuring()) latency_.add(Engine::now() - stamp->due);
    const bool complete = flight_.heard(client.index(), *stamp);
    if (complete && sending_ && run_.options().rate == 0) send(stamp->sender, Engine::now());
  }

  Run& run_;
  Flight flight_;
  Client::Events readers_;
  Client::Events stalled_;
  Client::Events writers_;
  std::optional<OpenLoop> open_;
  Histogram latency_;
  std::uint64_t deliveries_ = 0;
  std::uint64_t stalled_lost_ = 0;
  std::size_t turn_ = 0;
  bool sending_ = true;
};

}  // namespace

void run_fanout(Run& run) {
  Fanout{run}.run();
}

}  // namespace load
