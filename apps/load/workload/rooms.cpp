#include <optional>
#include <string>
#include <vector>

#include <apps/load/run.hpp>
#include <apps/load/workload/flight.hpp>

namespace load {
namespace {

class Rooms {
 public:
  explicit Rooms(Run& run) : run_{run}, members_{run.options().members} {
    for (std::size_t i = 0; i < run.options().rooms; ++i) {
      rooms_.push_back({Flight{members_, members_}, "room" + std::to_string(i), 0});
    }
  }

  void run() {
    const auto& options = run_.options();
    events_.connected = [&](Client& client) {
      client.subscribe(
          rooms_[client.index() / members_].name,
          options.distinct_ids ? "sub-" + std::to_string(client.index()) : std::string{"sub-0"});
      if (!options.target.receipts) run_.ready();
    };
    events_.subscribed = [&](Client&, std::string_view) { run_.ready(); };
    events_.message = [&](Client& client, std::string_view text) { heard(client, text); };
    run_.connect(options.rooms * members_, events_);
    run_.turn_for(options.settle);

    if (options.rate > 0) {
      open_.emplace(run_.engine(), options.rate,
                    [&](std::uint64_t due) { send(turn_++ % rooms_.size(), due); });
    } else {
      for (std::size_t i = 0; i < options.window; ++i) {
        for (std::size_t room = 0; room < rooms_.size(); ++room) send(room, Engine::now());
      }
    }
    run_.measure("deliveries", [&] { return deliveries_; });
    sending_ = false;
    if (open_) open_->stop();
    const auto quiet = [&] {
      for (const auto& room : rooms_) {
        if (room.flight.in_flight() > 0) return false;
      }
      return true;
    };
    run_.turn_until(quiet, options.drain);

    auto& report = run_.report();
    report.add_latency("latency", latency_);
    std::uint64_t lost = 0;
    std::uint64_t doubled = 0;
    std::uint64_t out_of_order = 0;
    for (const auto& room : rooms_) room.flight.add_to(lost, doubled, out_of_order);
    report_faults(report, lost, doubled, out_of_order);
  }

 private:
  struct Room {
    Flight flight;
    std::string name;
    std::size_t turn = 0;
  };

  // The members take turns.
  void send(std::size_t index, std::uint64_t due) {
    auto& room = rooms_[index];
    const auto member = room.turn++ % members_;
    const Stamp stamp{static_cast<std::uint32_t>(member), room.flight.send(member), due};
    run_.client(index * members_ + member)
        .publish(room.name, write_stamp(stamp, run_.options().size));
  }

  void heard(const Client& client, std::string_view text) {
    const auto stamp = read_stamp(text);
    if (!stamp) return;
    ++deliveries_;
    if (run_.measuring()) latency_.add(Engine::now() - stamp->due);
    const auto index = client.index() / members_;
    const bool complete = rooms_[index].flight.heard(client.index() % members_, *stamp);
    if (complete && sending_ && run_.options().rate == 0) send(index, Engine::now());
  }

  Run& run_;
  std::size_t members_;
  std::vector<Room> rooms_;
  Client::Events events_;
  std::optional<OpenLoop> open_;
  Histogram latency_;
  std::uint64_t deliveries_ = 0;
  std::size_t turn_ = 0;
  bool sending_ = true;
};

}  // namespace

void run_rooms(Run& run) {
  Rooms{run}.run();
}

}  // namespace load
