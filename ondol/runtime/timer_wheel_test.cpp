#include <ondol/runtime/timer_wheel.hpp>

#include <memory>
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

}  // namespace
}  // namespace ondol
