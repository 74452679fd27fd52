#pragma once

#include <cstddef>
#include <functional>
#include <memory>
#include <vector>

#include <ondol/runtime/loop.hpp>
#include <ondol/runtime/workers.hpp>

namespace ondol {

// The loops of a server, each on its own thread, and the workers beside them.
class Runtime {
 public:
  struct Options {
    std::size_t loops = 0;  // 0: one a core
    Workers::Options workers;
  };

  explicit Runtime(Options options);
  ~Runtime();
  Runtime(const Runtime&) = delete;
  Runtime& operator=(const Runtime&) = delete;

  std::size_t size() const { return loops_.size(); }
  Loop& loop(std::size_t index) { return *loops_[index]; }
  Loop& next_loop();  // round robin, from any thread
  Workers& workers() { return workers_; }

  void start();  // begins the threads; once
  void stop();   // stops and joins loops, then workers; safe to call twice

  // Runs `work` on the loop and waits for it; never call it from a loop.
  void run_on(Loop& loop, const std::function<void()>& work);

 private:
  struct Threads;
  Workers workers_;
  std::vector<std::unique_ptr<Loop>> loops_;
  std::unique_ptr<Threads> threads_;
};

}  // namespace ondol
