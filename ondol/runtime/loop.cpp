#include <ondol/runtime/loop.hpp>

#include <atomic>
#include <cstdio>
#include <cstdlib>
#include <exception>
#include <mutex>
#include <utility>
#include <vector>

#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/post.hpp>

#include <ondol/log/logger.hpp>
#include <ondol/runtime/detail/backend.hpp>

namespace ondol {
namespace {

constexpr log::Logger kLog{"ondol.runtime"};

thread_local Loop* current_loop = nullptr;

// Bounds one turn, so that what it gathered is written even while sockets stay busy.
constexpr int kMaxEventsPerTurn = 256;

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
      backend_{std::make_unique<Backend>()} {}

Loop::~Loop() {
  // Destructors of what is still in the mailbox may ask for their loop.
  Loop* const outer = std::exchange(current_loop, this);
  mailbox_->incoming.clear();
  backend_.reset();
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
  }
  if (wake) boost::asio::post(backend_->context, [this] { drain_mailbox(); });
}

void Loop::drain_mailbox() {
  auto& running = mailbox_->running;
  {
    const std::lock_guard lock{mailbox_->mutex};
    running.swap(mailbox_->incoming);
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

// An idle loop sleeps until somebody wants something of it.
void Loop::wake_for_timers() {
  const auto due = timers_.next_due();
  if (!due || *due >= backend_->wakes_at) return;
  backend_->wakes_at = *due;
  backend_->alarm.expires_at(*due);  // cancels an alarm for later
  backend_->alarm.async_wait([this](const boost::system::error_code& cancelled) {
    if (!cancelled) backend_->wakes_at = Clock::time_point::max();
  });
}

void Loop::run() {
  current_loop = this;
  auto& context = backend_->context;
  const auto guard = boost::asio::make_work_guard(context);
  while (!context.stopped()) {
    wake_for_timers();
    now_is_read_ = false;
    guarded([&] { context.run_one(); });
    guarded([&] {
      for (int i = 0; i < kMaxEventsPerTurn && context.poll_one() != 0; ++i) {
      }
    });
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
  backend_->context.stop();
}

}  // namespace ondol
