#include <apps/chat/storage/memory/memory_history.hpp>

#include <algorithm>
#include <coroutine>

#include <apps/chat/storage/failures.hpp>
#include <ondol/base/text.hpp>
#include <ondol/runtime/loop.hpp>

namespace chat::memory {

using ondol::Task;

std::optional<ChatMessage> MemoryHistory::sent(RoomNo room_no, MemberId sender,
                                               const std::string& client_id) const {
  const auto room = state_.rooms.find(room_no);
  if (room == state_.rooms.end()) return std::nullopt;
  const auto seq = room->second.sent.find({sender, ondol::to_lower(client_id)});
  if (seq == room->second.sent.end()) return std::nullopt;
  return state_.shown(room->second, seq->second);
}

Task<Appended> MemoryHistory::append(NewMessage message) {
  const Access access{state_};
  if (message.client_id) {
    auto stored = sent(message.room_no, message.sender, *message.client_id);
    if (stored) {
      const auto count = std::ssize(state_.rooms.at(message.room_no).members);
      co_return Appended{*std::move(stored), true, count};
    }
  }
  Room& room = state_.open_room(message.room_no);
  Membership& sender = state_.membership(room, message.sender);
  if (message.reply_to && (*message.reply_to < 1 || *message.reply_to > room.last_seq())) {
    fail_no_such_message();
  }
  ChatMessage stored;
  stored.sender.member_id = message.sender;
  stored.content = message.content;
  stored.client_id = message.client_id;
  stored.reply_to = message.reply_to;
  const Seq seq = state_.add_message(room, std::move(stored));
  sender.last_read_seq = seq;
  if (message.client_id) room.sent[{message.sender, ondol::to_lower(*message.client_id)}] = seq;
  Appended appended{state_.shown(room, seq), false, std::ssize(room.members)};
  state_.committed(appended.message);
  co_return appended;
}

Task<std::optional<ChatMessage>> MemoryHistory::find_sent(RoomNo room, MemberId sender,
                                                          std::string client_id) {
  const Access access{state_};
  co_return sent(room, sender, client_id);
}

Task<HistoryPage> MemoryHistory::page(RoomNo room_no, MemberId reader, HistoryRange range) {
  const Access access{state_};
  co_return read_page(room_no, reader, range);
}

Task<HistoryPage> MemoryHistory::page_in_order(RoomNo room_no, MemberId reader,
                                               HistoryRange range) {
  HistoryPage page;
  const auto read = [&] { page = read_page(room_no, reader, range); };
  // Queued under the lock under which others publish.
  struct InOrder {
    State& state;
    const decltype(read)& the_read;
    bool await_ready() const { return false; }
    void await_suspend(std::coroutine_handle<> waiting) const {
      const Access access{state};
      the_read();
      ondol::Loop::current().post([waiting] { waiting.resume(); });
    }
    void await_resume() const {}
  };
  co_await InOrder{state_, read};
  co_return page;
}

HistoryPage MemoryHistory::read_page(RoomNo room_no, MemberId reader, const HistoryRange& range) {
  if (range.before && range.after) fail_both_bounds();
  Room& room = state_.open_room(room_no);
  state_.membership(room, reader);
  const auto limit = static_cast<Seq>(std::clamp<std::size_t>(range.limit, 1, kMaxPage));
  HistoryPage page;
  page.newest_seq = room.last_seq();
  Seq first = 1;                  // inclusive
  Seq end = page.newest_seq + 1;  // exclusive
  if (range.after) {
    first = std::clamp<Seq>(*range.after, 0, page.newest_seq) + 1;
    page.has_more = end - first > limit;
    end = std::min(end, first + limit);
  } else {
    end = std::clamp<Seq>(range.before.value_or(end), 1, end);
    page.has_more = end - first > limit;
    first = std::max(first, end - limit);
  }
  for (Seq seq = first; seq < end; ++seq) page.messages.push_back(state_.shown(room, seq));
  return page;
}

Task<Watermark> MemoryHistory::raise_watermark(RoomNo room_no, MemberId reader, Seq seq) {
  const Access access{state_};
  Room& room = state_.open_room(room_no);
  Membership& member = state_.membership(room, reader);
  const Seq target = std::min(seq, room.last_seq());
  if (target <= member.last_read_seq) co_return Watermark{member.last_read_seq, false};
  member.last_read_seq = target;
  co_return Watermark{target, true};
}

}  // namespace chat::memory
