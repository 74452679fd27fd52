#include <apps/chat/storage/sqlite/message_rows.hpp>

#include <algorithm>
#include <chrono>
#include <unordered_map>
#include <utility>

#include <apps/chat/storage/sqlite/json_array.hpp>

namespace chat::sqlite {

using ondol::storage::Database;
using ondol::storage::Statement;

namespace {

constexpr std::int64_t kSeqMask = 0xffff'ffff;

ChatMessage read_message(const Statement& row) {
  ChatMessage message;
  message.room_no = {row.integer(0) >> 32};
  message.seq = row.integer(0) & kSeqMask;
  message.sender = {{row.integer(1)}, row.text(2)};
  message.type = row.text(3);
  message.content = row.text(4);
  message.client_id = row.optional_text(5);
  message.sent_at = ondol::Instant{std::chrono::milliseconds{row.integer(6)}};
  message.reply_to = row.optional_integer(7);
  return message;
}

std::vector<ChatMessage> read_messages(Statement& rows) {
  std::vector<ChatMessage> messages;
  while (rows.step()) messages.push_back(read_message(rows));
  return messages;
}

}  // namespace

bool insert_message(Database& database, const MessageRow& row) {
  const ChatMessage& message = row.message;
  const std::int64_t key = message_key(message.room_no, message.seq);
  database
      .prepare(
          "INSERT INTO message (message_key, sender_id, type, content, client_id, reply_to,"
          " sent_at, text_count) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)"
          " ON CONFLICT (sender_id, client_id, room_no) WHERE client_id IS NOT NULL DO NOTHING")
      .bind(key, message.sender.member_id.value, message.type, message.content, message.client_id,
            message.reply_to, message.sent_at.time_since_epoch().count(), row.text_count)
      .run();
  if (database.changed_rows() == 0) return false;
  if (!message.members) return true;
  Statement subject = database.prepare(
      "INSERT INTO message_subject (message_key, position, member_id) VALUES (?1, ?2, ?3)");
  std::int64_t position = 0;
  for (const MemberName& member : *message.members) {
    subject.bind(key, position++, member.member_id.value).run();
  }
  return true;
}

std::vector<ChatMessage> newest_messages(Database& database, std::int64_t first, std::int64_t end,
                                         std::size_t limit) {
  Statement rows = database.prepare(
      "SELECT m.message_key, m.sender_id, s.name, m.type, m.content, m.client_id, m.sent_at,"
      " m.reply_to FROM message m JOIN member s ON s.member_id = m.sender_id"
      " WHERE m.message_key >= ?1 AND m.message_key < ?2 ORDER BY m.message_key DESC LIMIT ?3");
  std::vector<ChatMessage> messages = read_messages(rows.bind(first, end, limit));
  std::ranges::reverse(messages);
  return messages;
}

std::vector<ChatMessage> oldest_messages(Database& database, std::int64_t first, std::int64_t end,
                                         std::size_t limit) {
  Statement rows = database.prepare(
      "SELECT m.message_key, m.sender_id, s.name, m.type, m.content, m.client_id, m.sent_at,"
      " m.reply_to FROM message m JOIN member s ON s.member_id = m.sender_id"
      " WHERE m.message_key >= ?1 AND m.message_key < ?2 ORDER BY m.message_key LIMIT ?3");
  return read_messages(rows.bind(first, end, limit));
}

std::vector<ChatMessage> messages_of_keys(Database& database, const std::string& keys_as_json) {
  Statement rows = database.prepare(
      "SELECT m.message_key, m.sender_id, s.name, m.type, m.content, m.client_id, m.sent_at,"
      " m.reply_to FROM message m JOIN member s ON s.member_id = m.sender_id"
      " WHERE m.message_key IN (SELECT value FROM json_each(?1))");
  return read_messages(rows.bind(keys_as_json));
}

std::optional<ChatMessage> message_of_client_id(Database& database, RoomNo room, MemberId sender,
                                                const std::string& client_id) {
  Statement row = database.prepare(
      "SELECT m.message_key, m.sender_id, s.name, m.type, m.content, m.client_id, m.sent_at,"
      " m.reply_to FROM message m JOIN member s ON s.member_id = m.sender_id"
      " WHERE m.sender_id = ?1 AND m.client_id = ?2 AND m.room_no = ?3");
  if (!row.bind(sender.value, client_id, room.value).step()) return std::nullopt;
  return read_message(row);
}

void add_subjects(Database& database, std::span<ChatMessage> messages) {
  JsonArray keys;
  std::unordered_map<std::int64_t, ChatMessage*> by_key;
  for (ChatMessage& message : messages) {
    if (message.type != kSystemMessage) continue;
    const std::int64_t key = message_key(message.room_no, message.seq);
    message.members.emplace();
    keys.add(key);
    by_key.emplace(key, &message);
  }
  if (keys.empty()) return;
  Statement rows = database.prepare(
      "SELECT x.message_key, x.member_id, n.name"
      " FROM message_subject x JOIN member n ON n.member_id = x.member_id"
      " WHERE x.message_key IN (SELECT value FROM json_each(?1))"
      " ORDER BY x.message_key, x.position");
  rows.bind(keys.text());
  while (rows.step()) {
    by_key.at(rows.integer(0))->members->push_back({{rows.integer(1)}, rows.text(2)});
  }
}

void add_unread_counts(Database& database, RoomNo room, std::span<ChatMessage> messages) {
  if (messages.empty()) return;
  Statement rows = database.prepare(
      "SELECT last_read_seq, count(*) FROM room_member WHERE room_no = ?1 AND last_read_seq < ?2"
      " GROUP BY last_read_seq ORDER BY last_read_seq");
  rows.bind(room.value, messages.back().seq);
  bool more = rows.step();
  std::int64_t behind = 0;  // members whose watermark is below the seq at hand
  for (ChatMessage& message : messages) {
    while (more && rows.integer(0) < message.seq) {
      behind += rows.integer(1);
      more = rows.step();
    }
    // The sender never counts: his own watermark was raised to this seq or, had he left, above it.
    if (message.type == kTextMessage) message.unread_count = behind;
  }
}

}  // namespace chat::sqlite
