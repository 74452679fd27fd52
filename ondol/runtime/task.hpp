#pragma once

#include <concepts>
#include <coroutine>
#include <exception>
#include <optional>
#include <type_traits>
#include <utility>

namespace ondol {

template <class T = void>
class Task;

namespace detail {

// What every task keeps for the one who waits: the coroutine to resume, and the exception it ended
// with.
class TaskPromiseBase {
 public:
  std::suspend_always initial_suspend() noexcept { return {}; }
  void unhandled_exception() noexcept { failure_ = std::current_exception(); }

  struct FinalAwaiter {
    bool await_ready() noexcept { return false; }
    template <class Promise>
    std::coroutine_handle<> await_suspend(std::coroutine_handle<Promise> self) noexcept {
      const auto next = self.promise().continuation_;
      return next ? next : std::noop_coroutine();
    }
    void await_resume() noexcept {}
  };
  FinalAwaiter final_suspend() noexcept { return {}; }

  std::coroutine_handle<> continuation_;
  std::exception_ptr failure_;
};

template <class T>
class TaskPromise : public TaskPromiseBase {
 public:
  Task<T> get_return_object() noexcept;
  template <std::convertible_to<T> U>
  void return_value(U&& value) {
    value_.emplace(std::forward<U>(value));
  }
  T take() {
    if (failure_) std::rethrow_exception(failure_);
    return std::move(*value_);
  }

 private:
  std::optional<T> value_;
};

template <>
class TaskPromise<void> : public TaskPromiseBase {
 public:
  Task<void> get_return_object() noexcept;
  void return_void() noexcept {}
  void take() {
    if (failure_) std::rethrow_exception(failure_);
  }
};

}  // namespace detail

// A piece of work that may wait. Lazy: it runs when it is awaited, or when start() is called. It
// runs on the loop of the one who awaits it, and whatever it waits for resumes it there. Not
// thread-safe; awaited once.
template <class T>
class [[nodiscard]] Task {
 public:
  using promise_type = detail::TaskPromise<T>;
  using Handle = std::coroutine_handle<promise_type>;

  explicit Task(Handle handle) noexcept : handle_{handle} {}
  Task(Task&& other) noexcept : handle_{std::exchange(other.handle_, {})} {}
  Task& operator=(Task&& other) noexcept {
    std::swap(handle_, other.handle_);
    return *this;
  }
  ~Task() {
    if (handle_) handle_.destroy();
  }

  struct Awaiter {
    Handle handle;
    bool await_ready() noexcept { return false; }
    std::coroutine_handle<> await_suspend(std::coroutine_handle<> waiting) noexcept {
      handle.promise().continuation_ = waiting;
      return handle;
    }
    T await_resume() { return handle.promise().take(); }
  };
  Awaiter operator co_await() && noexcept { return {handle_}; }
  Awaiter operator co_await() & noexcept { return {handle_}; }

 private:
  Handle handle_;
};

namespace detail {

template <class T>
Task<T> TaskPromise<T>::get_return_object() noexcept {
  return Task<T>{std::coroutine_handle<TaskPromise<T>>::from_promise(*this)};
}
inline Task<void> TaskPromise<void>::get_return_object() noexcept {
  return Task<void>{std::coroutine_handle<TaskPromise<void>>::from_promise(*this)};
}

struct Detached {
  struct promise_type {
    Detached get_return_object() noexcept { return {}; }
    std::suspend_never initial_suspend() noexcept { return {}; }
    std::suspend_never final_suspend() noexcept { return {}; }
    void return_void() noexcept {}
    // The callbacks of start() must not throw: there is nobody left to tell.
    [[noreturn]] void unhandled_exception() noexcept { std::terminate(); }
  };
};

template <class T, class Done, class Failed>
Detached run_detached(Task<T> task, Done done, Failed failed) {
  std::exception_ptr failure;
  try {
    if constexpr (std::is_void_v<T>) {
      co_await std::move(task);
      done();
    } else {
      done(co_await std::move(task));
    }
    co_return;
  } catch (...) {
    failure = std::current_exception();
  }
  failed(std::move(failure));
}

}  // namespace detail

// Runs the task now, on this thread, until it first waits. Exactly one of the two is called when it
// ends: `done(result)` (`done()` for void) or `failed(std::exception_ptr)`. An exception that
// `done` throws goes to `failed`; `failed` must not throw.
template <class T, class Done, class Failed>
void start(Task<T> task, Done done, Failed failed) {
  detail::run_detached(std::move(task), std::move(done), std::move(failed));
}

// Suspends the awaiting coroutine and hands its handle to `f`, which resumes it once, later or at
// once, on the same loop. `f` may resume it before it returns.
template <class F>
class SuspendWith {
 public:
  explicit SuspendWith(F f) : f_{std::move(f)} {}
  bool await_ready() noexcept { return false; }
  void await_suspend(std::coroutine_handle<> waiting) { f_(waiting); }
  void await_resume() noexcept {}

 private:
  F f_;
};

}  // namespace ondol
