#include <ondol/runtime/runtime.hpp>

#include <algorithm>
#include <atomic>
#include <future>
#include <string>
#include <thread>

#include <pthread.h>

namespace ondol {

struct Runtime::Threads {
  std::vector<std::thread> list;
  std::atomic<std::size_t> next{0};
};

Runtime::Runtime(Options options)
    : workers_{options.workers}, threads_{std::make_unique<Threads>()} {
  const auto count = options.loops > 0
                         ? options.loops
                         : std::max<std::size_t>(1, std::thread::hardware_concurrency());
  for (std::size_t i = 0; i < count; ++i) loops_.push_back(std::make_unique<Loop>(i));
}

Runtime::~Runtime() {
  stop();
}

Loop& Runtime::next_loop() {
  return *loops_[threads_->next.fetch_add(1, std::memory_order_relaxed) % loops_.size()];
}

void Runtime::start() {
  for (auto& loop : loops_) {
    threads_->list.emplace_back([&loop = *loop] {
      ::pthread_setname_np(::pthread_self(), ("loop-" + std::to_string(loop.index())).c_str());
      loop.run();
    });
  }
}

void Runtime::stop() {
  // Workers first: what they finish is posted to loops that still run.
  workers_.stop();
  for (auto& loop : loops_) loop->stop();
  for (auto& thread : threads_->list) {
    if (thread.joinable()) thread.join();
  }
}

void Runtime::run_on(Loop& loop, const std::function<void()>& work) {
  std::promise<void> done;
  loop.post([&] {
    try {
      work();
      done.set_value();
    } catch (...) {
      done.set_exception(std::current_exception());
    }
  });
  done.get_future().get();
}

}  // namespace ondol
