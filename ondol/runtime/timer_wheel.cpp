#include <ondol/runtime/timer_wheel.hpp>

#include <algorithm>

namespace ondol {

void Timer::unlink() {
  next_->previous_ = previous_;
  previous_->next_ = next_;
  next_ = previous_ = nullptr;
}

void Timer::cancel() {
  if (armed()) unlink();
}

std::uint64_t TimerWheel::tick_at(Clock::time_point when) const {
  if (when <= start_) return 0;
  return static_cast<std::uint64_t>((when - start_) / kTick);
}

void TimerWheel::arm(Timer& timer, std::chrono::milliseconds delay, Clock::time_point now) {
  timer.cancel();
  const auto when = now + std::max(delay, std::chrono::milliseconds{0});
  // The next full tick, so that a timer is never early.
  timer.due_ = std::max(tick_at(when) + 1, current_ + 1);
  Timer& head = slots_[timer.due_ % kSlots].head;
  timer.next_ = &head;
  timer.previous_ = head.previous_;
  head.previous_->next_ = &timer;
  head.previous_ = &timer;
}

void TimerWheel::advance(Clock::time_point now) {
  const auto target = tick_at(now);
  // After a long sleep every slot is visited once, not once per missed tick.
  if (target > current_ + kSlots) current_ = target - kSlots;
  while (current_ < target) {
    ++current_;
    TimerList& slot = slots_[current_ % kSlots];
    if (slot.empty()) continue;
    // The slot is moved aside first: a callback may arm timers into this very slot, or cancel its
    // neighbours.
    TimerList due;
    due.head.next_ = slot.head.next_;
    due.head.previous_ = slot.head.previous_;
    due.head.next_->previous_ = due.head.previous_->next_ = &due.head;
    slot.head.next_ = slot.head.previous_ = &slot.head;
    while (!due.empty()) {
      Timer& timer = *due.head.next_;
      timer.unlink();
      if (timer.due_ <= target) {
        timer.expired_(timer.owner_);
      } else {
        timer.next_ = &slot.head;
        timer.previous_ = slot.head.previous_;
        slot.head.previous_->next_ = &timer;
        slot.head.previous_ = &timer;
      }
    }
  }
}

}  // namespace ondol
