#include <ondol/runtime/loop.hpp>

#include <atomic>
#include <cstdio>
#include <cstdlib>
#include <exception>
#include <mutex>
#include <utility>
#include <vector>

#include <ondol/log/logger.hpp>
#include <ondol/runtime/detail/poller.hpp>

namespace ondol {
namespace {

constexpr log::Logger kLog{"ondol.runtime"};

thread_local Loop* current_loop = nullptr;

// How long a turn may gather before what waits to be written is written.
constexpr std::chrono::microseconds kLongestGather{500};

// The last resort: an exception that nobody mapped ends neither the loop nor the process.
template <class F>
void guarded(F&& work) noexcept {
  try {
    work();
  } catch (const std::exception& e) {
    kLog.error("uncaught exception on a loop: {}", e.what());
  } catch (...) {
    kLog.error("uncaught exception of unknown type on a loop");
  }
}

}  // namespace

struct Loop::Mailbox {
  std::mutex mutex;
  std::vector<Work> incoming;
  std::vector<Work> running;
  std::atomic<bool> filled{false};
  bool stopped = false;
};

TurnEnd::~TurnEnd() {
  if (!link_) return;
  *link_ = next_in_turn_;
  if (next_in_turn_) next_in_turn_->link_ = link_;
}

Loop::Loop(std::size_t index)
    : index_{index},
      now_{Clock::now()},
      timers_{now_},
      mailbox_{std::make_unique<Mailbox>()},
      poller_{std::make_unique<Poller>()} {}

Loop::~Loop() {
  // Destructors of what is still in the mailbox may ask for their loop.
  Loop* const outer = std::exchange(current_loop, this);
  mailbox_->incoming.clear();
  poller_.reset();
  current_loop = outer;
}

Loop& Loop::current() {
  if (!current_loop) {
    std::fputs("ondol: Loop::current() was called on a thread that is no loop\n", stderr);
    std::abort();
  }
  return *current_loop;
}

Loop* Loop::current_or_null() {
  return current_loop;
}

void Loop::post(Work work) {
  bool wake = false;
  {
    const std::lock_guard lock{mailbox_->mutex};
    if (mailbox_->stopped) return;
    wake = mailbox_->incoming.empty();
    mailbox_->incoming.push_back(std::move(work));
    mailbox_->filled.store(true, std::memory_order_release);
  }
  // The loop itself looks before it sleeps.
  if (wake && current_loop != this) poller_->wake();
}

void Loop::drain_mailbox() {
  if (!mailbox_->filled.load(std::memory_order_acquire)) return;
  auto& running = mailbox_->running;
  {
    const std::lock_guard lock{mailbox_->mutex};
    running.swap(mailbox_->incoming);
    mailbox_->filled.store(false, std::memory_order_relaxed);
  }
  for (auto& work : running) {
    guarded(work);
    work = nullptr;
  }
  running.clear();
}

void Loop::at_turn_end(TurnEnd& work) {
  if (work.link_) return;
  work.next_in_turn_ = turn_ends_;
  work.link_ = &turn_ends_;
  if (turn_ends_) turn_ends_->link_ = &work.next_in_turn_;
  turn_ends_ = &work;
}

void Loop::arm(Timer& timer, std::chrono::milliseconds delay) {
  timers_.arm(timer, delay, now());
}

void Loop::end_turn() {
  while (TurnEnd* work = turn_ends_) {
    turn_ends_ = work->next_in_turn_;
    if (turn_ends_) turn_ends_->link_ = &turn_ends_;
    work->next_in_turn_ = nullptr;
    work->link_ = nullptr;
    guarded([&] { work->turn_ended(); });
  }
}

// What arrives while a turn lasts belongs to it, so that under load one write carries what several
// reads brought. A message that comes alone costs one look more and leaves at once.
void Loop::gather(std::optional<Clock::time_point> until) {
  bool more = poller_->wait(until);
  const auto begin = more && turn_ends_ ? Clock::now() : Clock::time_point{};
  while (more && turn_ends_ && Clock::now() - begin < kLongestGather) {
    more = poller_->wait(Clock::time_point{});
  }
}

// An idle loop sleeps until somebody wants something of it.
void Loop::run() {
  current_loop = this;
  while (!stopped_.load(std::memory_order_acquire)) {
    auto until = timers_.next_due();
    if (mailbox_->filled.load(std::memory_order_acquire)) until = Clock::time_point{};
    now_is_read_ = false;
    gather(until);
    drain_mailbox();
    guarded([&] { timers_.advance(now()); });
    end_turn();
  }
  current_loop = nullptr;
}

void Loop::stop() {
  {
    const std::lock_guard lock{mailbox_->mutex};
    mailbox_->stopped = true;
  }
  stopped_.store(true, std::memory_order_release);
  poller_->wake();
}

}  // namespace ondol
