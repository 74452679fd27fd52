#include <random>
#include <string>
#include <unordered_map>
#include <vector>

#include <fmt/format.h>

#include <apps/load/chat_api.hpp>
#include <apps/load/run.hpp>
#include <apps/load/workload/flight.hpp>

namespace load {
namespace {

// Senders into rooms of the chat, with a client id each and receipts asked for. Client 2·i sends
// into room i and hears it, client 2·i + 1 only hears it.
class Durable {
 public:
  explicit Durable(Run& run) : run_{run}, random_{run.options().seed} {}

  void run() {
    const auto& options = run_.options();
    ChatApi api{options.target.host, options.target.port};
    std::vector<ChatApi::Member> members;
    for (std::size_t i = 0; i < 2 * options.senders; ++i) {
      members.push_back(api.member(fmt::format("load{}.{}", options.seed, i)));
    }
    for (std::size_t i = 0; i < options.senders; ++i) {
      rooms_.push_back(
          {Flight{1, 2}, std::to_string(api.group(members[2 * i], {members[2 * i + 1].id}))});
    }
    events_.connected = [&](Client& client) {
      client.subscribe(rooms_[client.index() / 2].number, "sub-0");
    };
    events_.subscribed = [&](Client&, std::string_view) { run_.ready(); };
    events_.receipt = [&](Client& client, std::string_view id) { committed(client, id); };
    events_.message = [&](Client& client, std::string_view text) { heard(client, text); };
    run_.connect(2 * options.senders, events_, [&](Client& client) {
      client.own_headers = {{"Authorization", "Bearer " + members[client.index()].token}};
    });
    for (std::size_t n = 0; n < options.window; ++n) {
      for (std::size_t i = 0; i < options.senders; ++i) send(i);
    }
    run_.measure("commits", [this] { return commits_; });
    const auto at_end = deliveries_;
    sending_ = false;
    const auto quiet = [&] { return sent_ == commits_ && deliveries_ == 2 * commits_; };
    run_.turn_until(quiet, options.drain);

    auto& report = run_.report();
    report.add("deliveries_by_the_end", at_end);
    report.add_latency("receipt", latency_);
    std::uint64_t lost = 0;
    std::uint64_t doubled = 0;
    std::uint64_t out_of_order = 0;
    for (const auto& room : rooms_) room.flight.add_to(lost, doubled, out_of_order);
    report.add_fault("unreceipted", sent_ - commits_);
    report_faults(report, lost, doubled, out_of_order);
  }

 private:
  struct Room {
    Flight flight;
    std::string number;
  };

  std::string uuid() {
    const auto high = random_();
    const auto low = random_();
    return fmt::format("{:08x}-{:04x}-4{:03x}-8{:03x}-{:012x}", high >> 32, (high >> 16) & 0xffff,
                       high & 0xfff, (low >> 48) & 0xfff, low & 0xffff'ffff'ffff);
  }

  void send(std::size_t sender) {
    auto& room = rooms_[sender];
    const auto due = Engine::now();
    const Stamp stamp{0, room.flight.send(0), due};
    const auto body = fmt::format(R"({{"type":"text","content":"{}","clientId":"{}"}})",
                                  write_stamp(stamp, run_.options().size), uuid());
    run_.client(2 * sender)
        .publish(room.number, body, fmt::format("{:x}", due), "application/json");
    ++sent_;
  }

  void committed(const Client& client, std::string_view id) {
    ++commits_;
    if (run_.measuring()) {
      latency_.add(Engine::now() - std::stoull(std::string{id}, nullptr, 16));
    }
    if (sending_) send(client.index() / 2);
  }

  void heard(const Client& client, std::string_view text) {
    const auto stamp = read_stamp(text);
    if (!stamp) return;
    ++deliveries_;
    rooms_[client.index() / 2].flight.heard(client.index() % 2, *stamp);
  }

  Run& run_;
  std::mt19937_64 random_;
  std::vector<Room> rooms_;
  Client::Events events_;
  Histogram latency_;
  std::uint64_t sent_ = 0;
  std::uint64_t commits_ = 0;
  std::uint64_t deliveries_ = 0;
  bool sending_ = true;
};

}  // namespace

void run_durable(Run& run) {
  Durable{run}.run();
}

}  // namespace load
