#pragma once

#include <cstddef>
#include <exception>
#include <functional>
#include <memory>
#include <optional>
#include <type_traits>
#include <utility>

#include <ondol/runtime/loop.hpp>
#include <ondol/runtime/task.hpp>

namespace ondol {

// Threads for calls that block: files, databases, password hashes. The queue is bounded; when it is
// full, run() fails with Error 5030 instead of growing.
class Workers {
 public:
  struct Options {
    std::size_t threads = 4;
    std::size_t max_queued = 10'000;
  };

  explicit Workers(Options options);
  ~Workers();  // finishes what is queued
  Workers(const Workers&) = delete;
  Workers& operator=(const Workers&) = delete;

  // From any thread. False: the queue is full, or the workers have stopped.
  bool submit(std::function<void()> work);

  // Runs `work` on a worker and resumes on the calling loop with its result, or with what it threw.
  template <std::invocable F>
  Task<std::invoke_result_t<F>> run(F work);

  void stop();  // finishes what is queued, then joins

 private:
  [[noreturn]] static void refuse();

  struct State;
  std::unique_ptr<State> state_;
};

template <std::invocable F>
Task<std::invoke_result_t<F>> Workers::run(F work) {
  using R = std::invoke_result_t<F>;
  Loop& loop = Loop::current();
  std::exception_ptr failure;
  std::optional<std::conditional_t<std::is_void_v<R>, bool, R>> result;
  bool accepted = true;
  // The frame of this coroutine holds everything the worker touches; it is resumed only after the
  // worker is done.
  auto hand_over = [&](std::coroutine_handle<> waiting) {
    auto job = [&, waiting] {
      try {
        if constexpr (std::is_void_v<R>) {
          work();
          result.emplace(true);
        } else {
          result.emplace(work());
        }
      } catch (...) {
        failure = std::current_exception();
      }
      loop.post([waiting] { waiting.resume(); });
    };
    if (!submit(std::move(job))) {
      accepted = false;
      loop.post([waiting] { waiting.resume(); });
    }
  };
  SuspendWith suspend{std::move(hand_over)};
  co_await suspend;
  if (!accepted) refuse();
  if (failure) std::rethrow_exception(failure);
  if constexpr (!std::is_void_v<R>) co_return std::move(*result);
}

}  // namespace ondol
