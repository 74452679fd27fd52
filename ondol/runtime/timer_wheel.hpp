#pragma once

#include <array>
#include <chrono>
#include <cstdint>
#include <optional>

namespace ondol {

// A timer that someone embeds: intrusive, so arming and cancelling never allocate. Belongs to the
// loop whose wheel it is armed on, and is armed, re-armed, cancelled and destroyed on that loop
// only. One-shot.
class Timer {
 public:
  using Expired = void (*)(void* owner);

  Timer(Expired expired, void* owner) : expired_{expired}, owner_{owner} {}
  Timer(const Timer&) = delete;
  Timer& operator=(const Timer&) = delete;
  ~Timer() { cancel(); }

  bool armed() const { return next_ != nullptr; }
  void cancel();

 private:
  friend class TimerWheel;
  friend struct TimerList;

  Timer() = default;
  void unlink();

  Timer* next_ = nullptr;
  Timer* previous_ = nullptr;
  std::uint64_t due_ = 0;
  Expired expired_ = nullptr;
  void* owner_ = nullptr;
};

struct TimerList {
  TimerList() { head.next_ = head.previous_ = &head; }
  TimerList(const TimerList&) = delete;
  TimerList& operator=(const TimerList&) = delete;
  bool empty() const { return head.next_ == &head; }

  Timer head;
};

// The hashed timer wheel of one loop: 512 slots of 10 ms; what lies more than one turn ahead stays
// in its slot and is looked at once a turn. A timer never fires early, and at most one tick late
// when the loop is not busy. Lives on its loop.
class TimerWheel {
 public:
  using Clock = std::chrono::steady_clock;
  static constexpr std::chrono::milliseconds kTick{10};

  explicit TimerWheel(Clock::time_point start) : start_{start} {}

  // Arms, or arms anew. A delay of zero or less fires at the next tick.
  void arm(Timer& timer, std::chrono::milliseconds delay, Clock::time_point now);

  // When advance() may have something to do next; nothing while no timer is armed. Perhaps too
  // early, never too late.
  std::optional<Clock::time_point> next_due() const;

  // Fires all that is due. Callbacks may arm, cancel and destroy any timer, their own too.
  void advance(Clock::time_point now);

 private:
  static constexpr std::size_t kSlots = 512;

  std::uint64_t tick_at(Clock::time_point when) const;
  void put(Timer& timer);

  Clock::time_point start_;
  std::uint64_t current_ = 0;
  std::array<TimerList, kSlots> slots_;
  // Bits of slots that may hold timers: a cancelled timer leaves its bit until the slot is visited.
  std::array<std::uint64_t, kSlots / 64> occupied_{};
};

}  // namespace ondol
