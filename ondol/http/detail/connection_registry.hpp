#pragma once

#include <atomic>
#include <cstddef>
#include <functional>
#include <memory>
#include <mutex>
#include <unordered_map>
#include <vector>

#include <ondol/http/detail/admission.hpp>
#include <ondol/http/endpoint.hpp>
#include <ondol/http/limits.hpp>

namespace ondol::http {

class Connection;

// What the connections of one server share: the limits, the endpoint, and who they are. A
// connection counts from its accept on, so that a drain does not forget one on its way to its loop,
// until it is closed or became something else.
class ConnectionRegistry {
 public:
  using ByAddress = std::unordered_map<Connection*, std::shared_ptr<Connection>>;

  ConnectionRegistry(const Limits& limits, Endpoint endpoint, std::size_t loops);

  const Limits& limits() const { return limits_; }
  const Endpoint& endpoint() const { return endpoint_; }
  Admission& admission() const { return *admission_; }

  // From any thread.
  void reserve() { count_.fetch_add(1); }
  void release();
  std::size_t count() const { return count_.load(std::memory_order_relaxed); }
  bool draining() const { return draining_.load(std::memory_order_acquire); }

  // From any thread. `done` is called once, by whoever sees the last connection go, maybe by this
  // call.
  void drain(std::function<void()> done);

  // The connections of one loop, on that loop only (or when it has ended).
  ByAddress& of_loop(std::size_t index) { return by_loop_[index]; }

 private:
  void tell_when_empty();

  const Limits limits_;
  const Endpoint endpoint_;
  const std::shared_ptr<Admission> admission_;
  std::vector<ByAddress> by_loop_;
  std::atomic<std::size_t> count_{0};
  std::atomic<bool> draining_{false};
  std::mutex mutex_;
  std::function<void()> done_;  // guarded by mutex_
};

}  // namespace ondol::http
