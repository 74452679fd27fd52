#include <ondol/runtime/timer_wheel.hpp>

#include <algorithm>
#include <bit>

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
  put(timer);
}

void TimerWheel::put(Timer& timer) {
  const auto slot = timer.due_ % kSlots;
  Timer& head = slots_[slot].head;
  timer.next_ = &head;
  timer.previous_ = head.previous_;
  head.previous_->next_ = &timer;
  head.previous_ = &timer;
  occupied_[slot / 64] |= std::uint64_t{1} << (slot % 64);
}

std::optional<TimerWheel::Clock::time_point> TimerWheel::next_due() const {
  // From the slot behind the current one once around: the first word in two parts.
  const auto first = (current_ + 1) % kSlots;
  for (std::size_t i = 0; i <= occupied_.size(); ++i) {
    const auto word = (first / 64 + i) % occupied_.size();
    auto bits = occupied_[word];
    if (i == 0) bits &= ~std::uint64_t{0} << (first % 64);
    if (i == occupied_.size()) bits &= (std::uint64_t{1} << (first % 64)) - 1;
    if (bits == 0) continue;
    const auto slot = word * 64 + static_cast<std::size_t>(std::countr_zero(bits));
    const auto ahead = (slot + kSlots - first) % kSlots;
    return start_ + kTick * static_cast<std::int64_t>(current_ + 1 + ahead);
  }
  return std::nullopt;
}

void TimerWheel::advance(Clock::time_point now) {
  const auto target = tick_at(now);
  // After a long sleep every slot is visited once, not once per missed tick.
  if (target > current_ + kSlots) current_ = target - kSlots;
  while (current_ < target) {
    ++current_;
    TimerList& slot = slots_[current_ % kSlots];
    const auto index = current_ % kSlots;
    occupied_[index / 64] &= ~(std::uint64_t{1} << (index % 64));
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
        put(timer);
      }
    }
  }
}

}  // namespace ondol
