#include <ondol/runtime/timer_wheel.hpp>

#include <algorithm>
#include <memory>
#include <random>
#include <vector>

#include <gtest/gtest.h>

namespace ondol {
namespace {

using namespace std::chrono_literals;

struct Probe {
  int fired = 0;
  Timer timer{[](void* self) { ++static_cast<Probe*>(self)->fired; }, this};
};

TEST(TimerWheel, never_fires_early_and_at_most_one_tick_late) {
  const auto start = TimerWheel::Clock::now();
  TimerWheel wheel{start};
  Probe probe;

  wheel.arm(probe.timer, 35ms, start);
  wheel.advance(start + 34ms);
  EXPECT_EQ(probe.fired, 0);
  wheel.advance(start + 45ms);
  EXPECT_EQ(probe.fired, 1);
  EXPECT_FALSE(probe.timer.armed());
}

TEST(TimerWheel, keeps_what_lies_more_than_a_turn_ahead) {
  const auto start = TimerWheel::Clock::now();
  TimerWheel wheel{start};
  Probe probe;

  wheel.arm(probe.timer, 60s, start);
  for (auto t = 0ms; t < 60s; t += 10ms) wheel.advance(start + t);
  EXPECT_EQ(probe.fired, 0);
  wheel.advance(start + 60s + 20ms);
  EXPECT_EQ(probe.fired, 1);
}

TEST(TimerWheel, fires_after_a_long_sleep) {
  const auto start = TimerWheel::Clock::now();
  TimerWheel wheel{start};
  Probe near;
  Probe far;

  wheel.arm(near.timer, 20ms, start);
  wheel.arm(far.timer, 1h, start);
  wheel.advance(start + 10min);
  EXPECT_EQ(near.fired, 1);
  EXPECT_EQ(far.fired, 0);
  wheel.advance(start + 2h);
  EXPECT_EQ(far.fired, 1);
}

TEST(TimerWheel, cancelled_and_destroyed_timers_do_not_fire) {
  const auto start = TimerWheel::Clock::now();
  TimerWheel wheel{start};
  Probe probe;
  auto gone = std::make_unique<Probe>();

  wheel.arm(probe.timer, 10ms, start);
  wheel.arm(gone->timer, 10ms, start);
  probe.timer.cancel();
  gone.reset();
  wheel.advance(start + 1s);
  EXPECT_EQ(probe.fired, 0);
}

TEST(TimerWheel, a_callback_may_arm_itself_and_destroy_its_neighbours) {
  struct Chain {
    TimerWheel* wheel;
    TimerWheel::Clock::time_point now;
    std::unique_ptr<Probe> neighbour = std::make_unique<Probe>();
    int fired = 0;
    Timer timer{[](void* p) {
                  auto& self = *static_cast<Chain*>(p);
                  self.neighbour.reset();
                  if (++self.fired < 3) self.wheel->arm(self.timer, 10ms, self.now);
                },
                this};
  };
  const auto start = TimerWheel::Clock::now();
  TimerWheel wheel{start};
  Chain chain{&wheel, start};

  wheel.arm(chain.timer, 10ms, start);
  wheel.arm(chain.neighbour->timer, 10ms, start);
  for (int i = 1; i <= 20; ++i) {
    chain.now = start + i * 10ms;
    wheel.advance(chain.now);
  }
  EXPECT_EQ(chain.fired, 3);
  EXPECT_EQ(chain.neighbour, nullptr);
}

TEST(TimerWheel, has_nothing_due_while_no_timer_is_armed) {
  const auto start = TimerWheel::Clock::now();
  TimerWheel wheel{start};
  EXPECT_FALSE(wheel.next_due());
  Probe probe;
  wheel.arm(probe.timer, 1s, start);
  EXPECT_TRUE(wheel.next_due());
  wheel.advance(start + 2s);
  EXPECT_FALSE(wheel.next_due());
}

// Who sleeps until next_due() misses nothing: whatever the delays, and although the wheel stands
// still while nothing is due.
TEST(TimerWheel, tells_when_to_look_again) {
  struct Timed {
    TimerWheel::Clock::time_point now;
    TimerWheel::Clock::time_point fired;
    Timer timer{[](void* self) {
                  auto& timed = *static_cast<Timed*>(self);
                  timed.fired = timed.now;
                },
                this};
  };
  std::mt19937 random{7};
  const auto start = TimerWheel::Clock::now();
  TimerWheel wheel{start};
  auto now = start;
  for (int round = 0; round < 200; ++round) {
    now += std::chrono::milliseconds{random() % 20'000};
    std::vector<std::unique_ptr<Timed>> timers;
    std::vector<TimerWheel::Clock::time_point> due;
    for (int i = 0; i < 5; ++i) {
      const std::chrono::milliseconds delay{random() % (i % 2 == 0 ? 300 : 30'000)};
      timers.push_back(std::make_unique<Timed>());
      wheel.arm(timers.back()->timer, delay, now);
      due.push_back(now + delay);
    }
    int wakes = 0;
    while (const auto next = wheel.next_due()) {
      now = std::max(now, *next);
      for (auto& timed : timers) timed->now = now;
      wheel.advance(now);
      ++wakes;
    }
    EXPECT_LT(wakes, 50);
    for (std::size_t i = 0; i < timers.size(); ++i) {
      EXPECT_GE(timers[i]->fired, due[i]);
      EXPECT_LE(timers[i]->fired, due[i] + 2 * TimerWheel::kTick);
    }
  }
}

}  // namespace
}  // namespace ondol
