#pragma once

#include <exception>
#include <filesystem>
#include <future>
#include <memory>
#include <stdexcept>
#include <string>
#include <system_error>
#include <type_traits>
#include <utility>

#include <stdlib.h>

#include <ondol/runtime/loop.hpp>
#include <ondol/runtime/task.hpp>

namespace ondol::storage {

// A directory of one test, gone with it.
class TemporaryDirectory {
 public:
  TemporaryDirectory() {
    std::string pattern =
        (std::filesystem::temp_directory_path() / "ondol-storage-XXXXXX").string();
    if (::mkdtemp(pattern.data()) == nullptr) throw std::runtime_error{"mkdtemp failed"};
    path_ = pattern;
  }
  TemporaryDirectory(const TemporaryDirectory&) = delete;
  TemporaryDirectory& operator=(const TemporaryDirectory&) = delete;
  ~TemporaryDirectory() {
    std::error_code ignored;
    std::filesystem::remove_all(path_, ignored);
  }

  const std::filesystem::path& path() const { return path_; }

 private:
  std::filesystem::path path_;
};

// A task that runs on a loop, for the thread of a test.
template <class T>
class Running {
 public:
  Running(Loop& loop, std::future<T> result) : loop_{&loop}, result_{std::move(result)} {}

  // Its result, or what it threw, once the loop has let go of it: an exception that two threads
  // hold would be reported as a race, because the reference counts of exceptions are invisible to
  // ThreadSanitizer.
  T get() {
    result_.wait();
    auto settled = std::make_shared<std::promise<void>>();
    auto waiting = settled->get_future();
    loop_->post([settled] { settled->set_value(); });
    waiting.get();
    return result_.get();
  }

 private:
  Loop* loop_;
  std::future<T> result_;
};

template <class T>
Running<T> run_on_loop(Loop& loop, Task<T> task) {
  auto promise = std::make_shared<std::promise<T>>();
  Running<T> running{loop, promise->get_future()};
  auto held = std::make_shared<Task<T>>(std::move(task));
  loop.post([promise, held] {
    auto failed = [promise](std::exception_ptr failure) { promise->set_exception(failure); };
    if constexpr (std::is_void_v<T>) {
      start(std::move(*held), [promise] { promise->set_value(); }, failed);
    } else {
      start(std::move(*held), [promise](T value) { promise->set_value(std::move(value)); }, failed);
    }
  });
  return running;
}

template <class T>
T run_task(Loop& loop, Task<T> task) {
  return run_on_loop(loop, std::move(task)).get();
}

}  // namespace ondol::storage
