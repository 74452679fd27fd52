#pragma once

#include <cstdint>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include <apps/load/histogram.hpp>

namespace load {

// What a run found, in the order in which it is shown.
class Report {
 public:
  using Value = std::variant<std::string, double, std::uint64_t>;

  void add(std::string name, Value value) {
    values_.emplace_back(std::move(name), std::move(value));
  }
  // p50, p90, p99, p99.9 and the largest, in microseconds.
  void add_latency(const std::string& name, const Histogram& histogram);
  // A fault makes the exit status 1.
  void add_fault(const std::string& name, std::uint64_t count);
  bool faulty() const { return faulty_; }

  std::string text() const;
  std::string json() const;

 private:
  std::vector<std::pair<std::string, Value>> values_;
  bool faulty_ = false;
};

}  // namespace load
