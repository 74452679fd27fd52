#include <ondol/runtime/runtime.hpp>

#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <future>
#include <stdexcept>
#include <string>
#include <thread>
#include <vector>

#include <gtest/gtest.h>

#include <ondol/base/error.hpp>
#include <ondol/runtime/socket.hpp>

namespace ondol {
namespace {

using namespace std::chrono_literals;

class RuntimeTest : public ::testing::Test {
 protected:
  RuntimeTest() { runtime_.start(); }
  Runtime runtime_{{.loops = 2, .workers = {.threads = 2, .max_queued = 4}}};
};

TEST_F(RuntimeTest, runs_posted_work_in_order_on_its_loop) {
  std::vector<int> seen;
  std::promise<void> done;

  for (int i = 0; i < 1000; ++i) {
    runtime_.loop(1).post([&, i] {
      EXPECT_EQ(&Loop::current(), &runtime_.loop(1));
      seen.push_back(i);
      if (i == 999) done.set_value();
    });
  }
  done.get_future().get();

  ASSERT_EQ(seen.size(), 1000U);
  EXPECT_TRUE(std::ranges::is_sorted(seen));
}

TEST_F(RuntimeTest, an_exception_in_posted_work_does_not_end_the_loop) {
  runtime_.loop(0).post([] { throw std::runtime_error{"thrown by a test"}; });

  bool ran = false;
  runtime_.run_on(runtime_.loop(0), [&] { ran = true; });

  EXPECT_TRUE(ran);
}

TEST_F(RuntimeTest, work_at_the_end_of_a_turn_runs_once_however_often_it_was_asked_for) {
  struct Count : TurnEnd {
    void turn_ended() override { done.set_value(++count); }
    int count = 0;
    std::promise<int> done;
  } count;

  runtime_.run_on(runtime_.loop(0), [&] {
    Loop::current().at_turn_end(count);
    Loop::current().at_turn_end(count);
  });

  EXPECT_EQ(count.done.get_future().get(), 1);
}

TEST_F(RuntimeTest, what_is_destroyed_before_the_end_of_the_turn_is_not_called) {
  struct Never : TurnEnd {
    void turn_ended() override { ADD_FAILURE() << "called after its destruction"; }
  };

  runtime_.run_on(runtime_.loop(0), [] {
    Never first;
    auto second = std::make_unique<Never>();
    Loop::current().at_turn_end(first);
    Loop::current().at_turn_end(*second);
  });
  runtime_.run_on(runtime_.loop(0), [] {});
}

Task<int> answer_of_a_worker(Workers& workers) {
  const auto* const before = &Loop::current();
  const auto thread = std::this_thread::get_id();
  auto work = [thread] {
    EXPECT_NE(std::this_thread::get_id(), thread);
    return 42;
  };
  const int answer = co_await workers.run(work);
  EXPECT_EQ(&Loop::current(), before);
  co_return answer;
}

TEST_F(RuntimeTest, a_task_resumes_on_its_own_loop_with_the_workers_result) {
  std::promise<int> result;

  runtime_.loop(1).post([&] {
    start(
        answer_of_a_worker(runtime_.workers()), [&](int value) { result.set_value(value); },
        [&](std::exception_ptr failure) { result.set_exception(std::move(failure)); });
  });

  EXPECT_EQ(result.get_future().get(), 42);
}

Task<void> failing_work(Workers& workers) {
  auto work = [] { throw std::runtime_error{"from the worker"}; };
  co_await workers.run(work);
}

TEST_F(RuntimeTest, what_a_worker_throws_reaches_the_one_who_waits) {
  std::promise<void> result;

  runtime_.loop(0).post([&] {
    start(
        failing_work(runtime_.workers()), [&] { result.set_value(); },
        [&](std::exception_ptr failure) { result.set_exception(std::move(failure)); });
  });

  EXPECT_THROW(result.get_future().get(), std::runtime_error);
}

TEST_F(RuntimeTest, a_full_queue_of_the_workers_refuses_with_5030) {
  std::promise<void> release;
  auto released = release.get_future().share();
  // Two that run and four that wait.
  for (int accepted = 0; accepted < 6;)
    accepted += runtime_.workers().submit([released] { released.wait(); }) ? 1 : 0;
  std::promise<int> result;

  runtime_.loop(0).post([&] {
    start(
        answer_of_a_worker(runtime_.workers()), [&](int value) { result.set_value(value); },
        [&](std::exception_ptr failure) { result.set_exception(std::move(failure)); });
  });

  try {
    result.get_future().get();
    ADD_FAILURE() << "the queue took more than its limit";
  } catch (const Error& e) {
    EXPECT_EQ(e.code(), ErrorCode{5030});
  }
  release.set_value();
}

struct Reader : Socket::Events {
  void readable() override {
    char buffer[16];
    const auto n = socket.read(buffer, sizeof buffer);
    received.set_value(std::string(buffer, n > 0 ? static_cast<std::size_t>(n) : 0));
  }
  void writable() override {}
  Socket socket;
  std::promise<std::string> received;
};

TEST_F(RuntimeTest, a_socket_tells_when_it_can_be_read) {
  int fds[2];
  ASSERT_EQ(::socketpair(AF_UNIX, SOCK_STREAM, 0, fds), 0);
  auto reader = std::make_unique<Reader>();

  runtime_.run_on(runtime_.loop(0), [&] {
    reader->socket = Socket{Loop::current(), fds[0]};
    reader->socket.set_events(*reader);
    reader->socket.await_readable();
  });
  ASSERT_EQ(::send(fds[1], "hello", 5, 0), 5);

  EXPECT_EQ(reader->received.get_future().get(), "hello");
  runtime_.run_on(runtime_.loop(0), [&] { reader.reset(); });
  ::close(fds[1]);
}

TEST_F(RuntimeTest, a_timer_fires_on_the_loop_that_armed_it) {
  struct Alarm {
    std::promise<Loop*> fired;
    Timer timer{[](void* self) { static_cast<Alarm*>(self)->fired.set_value(&Loop::current()); },
                this};
  } alarm;

  runtime_.run_on(runtime_.loop(1), [&] { Loop::current().arm(alarm.timer, 20ms); });

  EXPECT_EQ(alarm.fired.get_future().get(), &runtime_.loop(1));
}

}  // namespace
}  // namespace ondol
