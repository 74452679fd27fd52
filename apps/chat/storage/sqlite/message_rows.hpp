#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include <apps/chat/talk/chat_message.hpp>
#include <ondol/storage/sqlite.hpp>

namespace chat::sqlite {

// The key of the table `message`: the messages of a room lie side by side, in the order of seq.
constexpr std::int64_t message_key(RoomNo room, Seq seq) {
  return (room.value << 32) | seq;
}

// What a row of `message` holds beyond what ChatMessage shows.
struct MessageRow {
  ChatMessage message;
  std::int64_t text_count = 0;
};

// Writes the row, and those of `message.members`; false when its sender has used the client id in
// this room before. The counters of the room are the caller's.
bool insert_message(ondol::storage::Database& database, const MessageRow& row);

// The newest `limit` messages with first <= key < end, ascending; without unread counts and
// members.
std::vector<ChatMessage> newest_messages(ondol::storage::Database& database, std::int64_t first,
                                         std::int64_t end, std::size_t limit);
// The oldest `limit` of them.
std::vector<ChatMessage> oldest_messages(ondol::storage::Database& database, std::int64_t first,
                                         std::int64_t end, std::size_t limit);
// Those with these keys, whatever the room: one query.
std::vector<ChatMessage> messages_of_keys(ondol::storage::Database& database,
                                          const std::string& keys_as_json);
std::optional<ChatMessage> message_of_client_id(ondol::storage::Database& database, RoomNo room,
                                                MemberId sender, const std::string& client_id);

// Adds whom the system messages are about: one query, or none when there is no system message.
void add_subjects(ondol::storage::Database& database, std::span<ChatMessage> messages);

// Adds the unread counts to messages of one room, ascending by seq: one query for all of them.
void add_unread_counts(ondol::storage::Database& database, RoomNo room,
                       std::span<ChatMessage> messages);

}  // namespace chat::sqlite
