#include <memory>
#include <vector>

#include <apps/load/histogram.hpp>
#include <apps/load/run.hpp>

namespace load {
namespace {

class Storm {
 public:
  explicit Storm(Run& run) : run_{run} {}

  void run() {
    const auto& options = run_.options();
    const auto until_upgrade = options.storm_until == "upgrade";
    events_.upgraded = [this, until_upgrade](Client& client) {
      if (until_upgrade) done(client);
    };
    events_.connected = [this, until_upgrade](Client& client) {
      if (!until_upgrade) done(client);
    };
    events_.lost = [this](Client&, const std::string& why) { run_.failed(why); };
    for (std::size_t i = 0; i < options.concurrency; ++i) {
      slots_.emplace_back();
      begin(i);
    }
    run_.measure("sessions", [this] { return sessions_; });
    run_.report().add_latency("setup", latency_);
  }

 private:
  struct Slot {
    std::unique_ptr<Client> client;
    std::unique_ptr<Client> old;  // may still be on the stack
    std::uint64_t begun = 0;
  };

  void begin(std::size_t index) {
    auto& slot = slots_[index];
    const auto& options = run_.options();
    slot.client = std::make_unique<Client>(run_.engine(), options.target, events_,
                                           static_cast<std::uint32_t>(index));
    slot.begun = Engine::now();
    slot.client->connect(options.sources > 1
                             ? static_cast<int>(turn_++ % static_cast<std::size_t>(options.sources))
                             : -1);
  }

  void done(Client& client) {
    const auto index = client.index();
    auto& slot = slots_[index];
    ++sessions_;
    if (run_.measuring()) latency_.add(Engine::now() - slot.begun);
    client.close(run_.options().reset);
    slot.old = std::move(slot.client);
    run_.engine().at(0, [this, index] {
      slots_[index].old.reset();
      begin(index);
    });
  }

  Run& run_;
  Client::Events events_;
  std::vector<Slot> slots_;
  Histogram latency_;
  std::uint64_t sessions_ = 0;
  std::size_t turn_ = 0;
};

}  // namespace

void run_storm(Run& run) {
  Storm{run}.run();
}

}  // namespace load
