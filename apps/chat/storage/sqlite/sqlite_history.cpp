#include <apps/chat/storage/sqlite/sqlite_history.hpp>

#include <algorithm>
#include <span>
#include <utility>
#include <vector>

#include <apps/chat/storage/failures.hpp>
#include <apps/chat/storage/sqlite/message_rows.hpp>

namespace chat::sqlite {

using ondol::Task;
using ondol::storage::Database;
using ondol::storage::SqliteWriter;
using ondol::storage::Statement;

namespace {

std::int64_t member_count_of(Database& database, RoomNo room) {
  Statement row = database.prepare("SELECT member_count FROM room WHERE room_no = ?1");
  return row.bind(room.value).step() ? row.integer(0) : 0;
}

std::optional<ChatMessage> find_sent_in(Database& database, RoomNo room, MemberId sender,
                                        const std::string& client_id) {
  auto message = message_of_client_id(database, room, sender, client_id);
  if (message) add_unread_counts(database, room, std::span{&*message, 1});
  return message;
}

void set_watermark(Database& database, RoomNo room, MemberId reader, Seq seq,
                   std::int64_t text_count) {
  database
      .prepare(
          "UPDATE room_member SET last_read_seq = ?3, read_text_count = ?4"
          " WHERE room_no = ?1 AND member_id = ?2")
      .bind(room.value, reader.value, seq, text_count)
      .run();
}

// What a message needs to know of its room and its sender; nothing when the sender is not in it or
// the room is closed.
struct Place {
  Seq last_seq = 0;
  std::int64_t text_count = 0;
  std::int64_t member_count = 0;
  std::string sender_name;
};

std::optional<Place> find_place(Database& database, RoomNo room, MemberId sender) {
  Statement row = database.prepare(
      "SELECT r.last_seq, r.text_count, r.member_count, n.name"
      " FROM room r JOIN room_member x ON x.room_no = r.room_no JOIN member n USING (member_id)"
      " WHERE r.room_no = ?1 AND x.member_id = ?2 AND r.closed = 0");
  if (!row.bind(room.value, sender.value).step()) return std::nullopt;
  return Place{row.integer(0), row.integer(1), row.integer(2), row.text(3)};
}

std::optional<Appended> find_repeat(Database& database, const NewMessage& message) {
  if (!message.client_id) return std::nullopt;
  auto stored = find_sent_in(database, message.room_no, message.sender, *message.client_id);
  if (!stored) return std::nullopt;
  return Appended{*std::move(stored), true, member_count_of(database, message.room_no)};
}

// One row, two rows changed, one row looked at: this is what a chat does most. A repeat (CH-23) is
// what the unique index says, or, before a refusal, the look-up: also who has left is answered.
Appended append_to(Database& database, ActivityClock& clock, const NewMessage& message) {
  auto place = find_place(database, message.room_no, message.sender);
  const bool bad_reply =
      place && message.reply_to && (*message.reply_to < 1 || *message.reply_to > place->last_seq);
  if (!place || bad_reply) {
    if (auto repeat = find_repeat(database, message)) return *std::move(repeat);
    if (bad_reply) fail_no_such_message();
    load_room(database, message.room_no);
    fail_not_a_member();
  }
  MessageRow row;
  row.message.room_no = message.room_no;
  row.message.seq = place->last_seq + 1;
  row.message.sender = {message.sender, std::move(place->sender_name)};
  row.message.content = message.content;
  row.message.client_id = message.client_id;
  row.message.sent_at = ondol::now_instant();
  row.message.reply_to = message.reply_to;
  // Nobody else can have read what did not exist.
  row.message.unread_count = place->member_count - 1;
  row.text_count = place->text_count + 1;
  if (!insert_message(database, row)) return find_repeat(database, message).value();
  count_message(database, message.room_no, row.message.seq, row.text_count, clock.next());
  set_watermark(database, message.room_no, message.sender, row.message.seq, row.text_count);
  return {std::move(row.message), false, place->member_count};
}

HistoryPage read_page(Database& database, RoomNo room, MemberId reader, const HistoryRange& range) {
  const Seq newest = load_room(database, room).last_seq;
  require_member(database, room, reader);
  // One more than asked for tells whether there is more.
  const std::size_t limit = std::clamp<std::size_t>(range.limit, 1, ChatHistory::kMaxPage);
  HistoryPage page;
  page.newest_seq = newest;
  if (range.after) {
    const Seq after = std::clamp<Seq>(*range.after, 0, newest);
    page.messages = oldest_messages(database, message_key(room, after + 1),
                                    message_key(room, newest + 1), limit + 1);
    page.has_more = page.messages.size() > limit;
    if (page.has_more) page.messages.pop_back();
  } else {
    const Seq end = std::clamp<Seq>(range.before.value_or(newest + 1), 1, newest + 1);
    page.messages =
        newest_messages(database, message_key(room, 1), message_key(room, end), limit + 1);
    page.has_more = page.messages.size() > limit;
    if (page.has_more) page.messages.erase(page.messages.begin());
  }
  add_subjects(database, page.messages);
  add_unread_counts(database, room, page.messages);
  return page;
}

Watermark raise_in(Database& database, RoomNo room, MemberId reader, Seq seq) {
  const Seq newest = load_room(database, room).last_seq;
  Seq present = 0;
  {
    Statement row = database.prepare(
        "SELECT last_read_seq FROM room_member WHERE room_no = ?1 AND member_id = ?2");
    if (!row.bind(room.value, reader.value).step()) fail_not_a_member();
    present = row.integer(0);
  }
  const Seq target = std::min(seq, newest);
  if (target <= present) return {present, false};
  std::int64_t text_count = 0;
  {
    Statement row = database.prepare("SELECT text_count FROM message WHERE message_key = ?1");
    if (row.bind(message_key(room, target)).step()) text_count = row.integer(0);
  }
  set_watermark(database, room, reader, target, text_count);
  return {target, true};
}

}  // namespace

Task<Appended> SqliteHistory::append(NewMessage message) {
  return writer_.write([this, message = std::move(message)](
                           Database& database) { return append_to(database, clock_, message); },
                       [this](const Appended& appended) {
                         if (!appended.duplicate) committed_(appended.message);
                       });
}

Task<std::optional<ChatMessage>> SqliteHistory::find_sent(RoomNo room, MemberId sender,
                                                          std::string client_id) {
  return reader_.read([room, sender, client_id = std::move(client_id)](Database& database) {
    return find_sent_in(database, room, sender, client_id);
  });
}

Task<HistoryPage> SqliteHistory::page(RoomNo room, MemberId reader, HistoryRange range) {
  return reader_.read([room, reader, range](Database& database) {
    if (range.before && range.after) fail_both_bounds();
    return read_page(database, room, reader, range);
  });
}

Task<HistoryPage> SqliteHistory::page_in_order(RoomNo room, MemberId reader, HistoryRange range) {
  return writer_.write([room, reader, range](
                           Database& database) { return read_page(database, room, reader, range); },
                       SqliteWriter::Nothing{}, SqliteWriter::Resume::in_order);
}

Task<Watermark> SqliteHistory::raise_watermark(RoomNo room, MemberId reader, Seq seq) {
  return writer_.write(
      [room, reader, seq](Database& database) { return raise_in(database, room, reader, seq); });
}

}  // namespace chat::sqlite
