#include <apps/chat/talk/replay.hpp>

#include <algorithm>
#include <chrono>
#include <coroutine>
#include <numeric>

#include <ondol/messaging/client_session.hpp>
#include <ondol/runtime/loop.hpp>

namespace chat {
namespace {

using ondol::Task;
using ondol::messaging::Message;

constexpr std::size_t kPage = 100;
// What may wait for a reader while more of the history is fetched: below what ends slow sessions.
constexpr std::size_t kUnsent = 64 * 1024;
constexpr std::chrono::milliseconds kPause{10};

struct GapEvent {
  std::string event = "gap";
  Seq from = 0;
  Seq to = 0;
};

// Resumes at the end of a pause.
struct Pause {
  bool await_ready() const { return false; }
  void await_suspend(std::coroutine_handle<> the_waiting) {
    waiting = the_waiting;
    ondol::Loop::current().arm(timer, kPause);
  }
  void await_resume() const {}

  std::coroutine_handle<> waiting;
  ondol::Timer timer{[](void* self) { static_cast<Pause*>(self)->waiting.resume(); }, this};
};

std::size_t octets_of(const HistoryPage& page) {
  return std::accumulate(
      page.messages.begin(), page.messages.end(), std::size_t{0},
      [](std::size_t sum, const ChatMessage& message) { return sum + message.content.size(); });
}

}  // namespace

Task<void> Replay::send(const Message& subscribe, RoomNo room, MemberId reader, Seq after) const {
  HistoryRange newest;
  newest.limit = 1;
  const Seq last = (co_await history_.page(room, reader, newest)).newest_seq;
  if (last - after > maximum_) {
    messenger_.reply(*subscribe.session, subscribe.subscription_id, subscribe.destination,
                     GapEvent{"gap", after + 1, last - maximum_});
    after = last - maximum_;
  }
  const std::string destination = subscribe.destination;
  messenger_.expect(destination);
  // Forgotten in a later turn, when the subscription is stored, or will never be.
  const auto forget = [this, destination] {
    ondol::Loop::current().post([this, destination] { messenger_.forget(destination); });
  };
  try {
    co_await send_all(subscribe, room, reader, after);
  } catch (...) {
    forget();
    throw;
  }
  forget();
}

Task<void> Replay::send_all(const Message& subscribe, RoomNo room, MemberId reader,
                            Seq after) const {
  HistoryRange range;
  range.limit = kPage;
  bool in_order = false;
  for (;;) {
    range.after = after;
    HistoryPage page;
    if (in_order) {
      page = co_await history_.page_in_order(room, reader, range);
    } else {
      page = co_await history_.page(room, reader, range);
    }
    if (!page.messages.empty()) after = page.messages.back().seq;
    if (in_order && !page.has_more && octets_of(page) <= kUnsent) {
      for (const auto& message : page.messages) {
        messenger_.reply(*subscribe.session, subscribe.subscription_id, subscribe.destination,
                         message);
      }
      co_return;
    }
    co_await send_paced(subscribe, page);
    in_order = !page.has_more;
  }
}

Task<void> Replay::send_paced(const Message& subscribe, const HistoryPage& page) const {
  for (const auto& message : page.messages) {
    while (subscribe.session->unsent() > kUnsent) {
      Pause pause;
      co_await pause;
    }
    messenger_.reply(*subscribe.session, subscribe.subscription_id, subscribe.destination, message);
  }
}

}  // namespace chat
