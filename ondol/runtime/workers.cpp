#include <ondol/runtime/workers.hpp>

#include <condition_variable>
#include <deque>
#include <mutex>
#include <thread>
#include <vector>

#include <ondol/base/error.hpp>
#include <ondol/log/logger.hpp>

namespace ondol {
namespace {

constexpr log::Logger kLog{"ondol.runtime"};

}  // namespace

struct Workers::State {
  explicit State(Options o) : options{o} {
    for (std::size_t i = 0; i < options.threads; ++i) threads.emplace_back([this] { work(); });
  }

  void work() {
    while (true) {
      std::function<void()> job;
      {
        std::unique_lock lock{mutex};
        wake.wait(lock, [this] { return stopping || !queue.empty(); });
        if (queue.empty()) return;
        job = std::move(queue.front());
        queue.pop_front();
      }
      try {
        job();
      } catch (const std::exception& e) {
        kLog.error("uncaught exception on a worker: {}", e.what());
      }
    }
  }

  Options options;
  std::mutex mutex;
  std::condition_variable wake;
  std::deque<std::function<void()>> queue;
  bool stopping = false;
  std::vector<std::thread> threads;
};

Workers::Workers(Options options) : state_{std::make_unique<State>(options)} {}

Workers::~Workers() {
  stop();
}

bool Workers::submit(std::function<void()> work) {
  {
    const std::lock_guard lock{state_->mutex};
    if (state_->stopping || state_->queue.size() >= state_->options.max_queued) return false;
    state_->queue.push_back(std::move(work));
  }
  state_->wake.notify_one();
  return true;
}

void Workers::stop() {
  {
    const std::lock_guard lock{state_->mutex};
    state_->stopping = true;
  }
  state_->wake.notify_all();
  for (auto& thread : state_->threads) {
    if (thread.joinable()) thread.join();
  }
}

void Workers::refuse() {
  throw Error{ErrorCode{5030}, "The server is busy."};
}

}  // namespace ondol
