#pragma once

#include <atomic>
#include <chrono>
#include <cstddef>
#include <functional>
#include <memory>
#include <optional>
#include <string>

#include <ondol/runtime/timer_wheel.hpp>

namespace ondol {

class Poller;

// Work that runs at the end of the current turn of the loop, once per registration. Intrusive: no
// allocation. Sessions register to write what gathered during the turn with one system call.
class TurnEnd {
 public:
  TurnEnd() = default;
  TurnEnd(const TurnEnd&) = delete;
  TurnEnd& operator=(const TurnEnd&) = delete;
  virtual ~TurnEnd();
  virtual void turn_ended() = 0;

 private:
  friend class Loop;
  TurnEnd* next_in_turn_ = nullptr;
  TurnEnd** link_ = nullptr;
};

// One thread with one event loop. Whatever was created on a loop (sockets, sessions, timers) lives
// and dies there.
class Loop {
 public:
  using Clock = std::chrono::steady_clock;
  using Work = std::function<void()>;

  explicit Loop(std::size_t index);
  ~Loop();
  Loop(const Loop&) = delete;
  Loop& operator=(const Loop&) = delete;

  // The loop of this thread. `current` ends the process when the thread is not a loop: that is a
  // bug.
  static Loop& current();
  static Loop* current_or_null();

  std::size_t index() const { return index_; }

  // From any thread; runs on this loop, in the order of the calls of one thread. Wakes the loop
  // only when its mailbox was empty. Work posted after stop() is destroyed without running.
  void post(Work work);

  // On this loop only.
  void at_turn_end(TurnEnd& work);
  void arm(Timer& timer, std::chrono::milliseconds delay);
  Clock::time_point now() const {  // read at most once a turn
    if (!now_is_read_) {
      now_ = Clock::now();
      now_is_read_ = true;
    }
    return now_;
  }

  void run();
  void stop();  // from any thread; run() returns after the current turn

  Poller& poller() { return *poller_; }  // for Socket; see detail/

 private:
  void drain_mailbox();
  void end_turn();
  void gather(std::optional<Clock::time_point> until);

  struct Mailbox;
  std::size_t index_;
  mutable Clock::time_point now_;
  mutable bool now_is_read_ = true;
  TimerWheel timers_;
  TurnEnd* turn_ends_ = nullptr;
  std::atomic<bool> stopped_{false};
  std::unique_ptr<Mailbox> mailbox_;
  std::unique_ptr<Poller> poller_;
};

}  // namespace ondol
