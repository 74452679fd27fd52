#include <ondol/http/detail/connection_registry.hpp>

#include <utility>

namespace ondol::http {

ConnectionRegistry::ConnectionRegistry(const Limits& limits, Endpoint endpoint, std::size_t loops)
    : limits_{limits},
      endpoint_{std::move(endpoint)},
      admission_{std::make_shared<Admission>(limits.max_connections,
                                             limits.max_connections_of_one_address)},
      by_loop_(loops) {}

void ConnectionRegistry::release() {
  if (count_.fetch_sub(1) == 1) tell_when_empty();
}

void ConnectionRegistry::drain(std::function<void()> done) {
  {
    const std::lock_guard lock{mutex_};
    done_ = std::move(done);
  }
  draining_.store(true, std::memory_order_release);
  tell_when_empty();
}

void ConnectionRegistry::tell_when_empty() {
  std::function<void()> done;
  {
    const std::lock_guard lock{mutex_};
    if (!done_ || count_.load() != 0) return;
    done = std::exchange(done_, nullptr);
  }
  done();
}

}  // namespace ondol::http
