#pragma once

#include <cstdint>
#include <vector>

#include <apps/load/histogram.hpp>
#include <apps/load/order.hpp>
#include <apps/load/run.hpp>

namespace load {

// The messages of one channel that are under way, and who must still hear them. A message is
// complete when all receivers have it.
class Flight {
 public:
  Flight(std::size_t senders, std::size_t receivers)
      : receivers_{receivers},
        sent_(senders),
        left_(senders * kRing),
        checks_(receivers, OrderCheck{senders}) {}

  // The number of the sender's next message, which is under way from now on.
  std::uint64_t send(std::size_t sender) {
    const auto number = sent_[sender]++;
    left_[slot(sender, number)] = receivers_;
    ++in_flight_;
    return number;
  }
  // Answers whether that completed it.
  bool heard(std::size_t receiver, const Stamp& stamp) {
    checks_[receiver].heard(stamp.sender, stamp.number);
    if (stamp.sender >= sent_.size()) return false;
    auto& left = left_[slot(stamp.sender, stamp.number)];
    if (left == 0 || --left > 0) return false;
    --in_flight_;
    return true;
  }

  std::size_t in_flight() const { return in_flight_; }
  void add_to(std::uint64_t& lost, std::uint64_t& doubled, std::uint64_t& out_of_order) const {
    for (const auto& check : checks_) {
      lost += check.lost(sent_);
      doubled += check.doubled();
      out_of_order += check.out_of_order();
    }
  }

 private:
  // Nobody has more messages than this in flight in a closed loop; in an open one with more, the
  // count of those in flight is not exact, but what is lost is counted by the checks.
  static constexpr std::size_t kRing = 1024;
  static std::size_t slot(std::size_t sender, std::uint64_t number) {
    return sender * kRing + static_cast<std::size_t>(number % kRing);
  }

  std::size_t receivers_;
  std::vector<std::uint64_t> sent_;
  std::vector<std::size_t> left_;
  std::vector<OrderCheck> checks_;
  std::size_t in_flight_ = 0;
};

inline void report_faults(Report& report, std::uint64_t lost, std::uint64_t doubled,
                          std::uint64_t out_of_order) {
  report.add_fault("lost", lost);
  report.add_fault("doubled", doubled);
  report.add_fault("out_of_order", out_of_order);
}

// Calls `send` with the time that each message is due, `rate` times a second from now on.
class OpenLoop {
 public:
  OpenLoop(Engine& engine, double rate, std::function<void(std::uint64_t due)> send)
      : engine_{engine}, period_{1e9 / rate}, begin_{Engine::now()}, send_{std::move(send)} {
    next();
  }
  void stop() { stopped_ = true; }

 private:
  void next() {
    const auto due = begin_ + static_cast<std::uint64_t>(period_ * static_cast<double>(count_++));
    engine_.at(due, [this, due] {
      if (stopped_) return;
      send_(due);
      next();
    });
  }

  Engine& engine_;
  double period_;
  std::uint64_t begin_;
  std::uint64_t count_ = 0;
  std::function<void(std::uint64_t)> send_;
  bool stopped_ = false;
};

}  // namespace load
