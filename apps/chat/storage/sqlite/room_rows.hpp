#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include <apps/chat/member/member.hpp>
#include <apps/chat/room/room_no.hpp>
#include <apps/chat/talk/chat_message.hpp>
#include <ondol/storage/sqlite.hpp>

namespace chat::sqlite {

// The order of room lists. Only the writer's thread advances it, so a number in memory is enough;
// numbers that a rollback wastes do not matter.
class ActivityClock {
 public:
  explicit ActivityClock(std::int64_t last) : last_{last} {}
  std::int64_t next() { return ++last_; }

 private:
  std::int64_t last_;
};

// A row of `room`.
struct RoomRow {
  RoomNo room_no;
  bool direct = false;
  std::optional<std::string> title;
  std::optional<MemberId> owner_id;
  Seq last_seq = 0;
  std::int64_t text_count = 0;
  std::int64_t member_count = 0;
  std::int64_t join_count = 0;
};

// Error 4040 when there is none, or it is closed.
RoomRow load_room(ondol::storage::Database& database, RoomNo room);

// The name of a member of the room; nothing for others.
std::optional<std::string> name_in_room(ondol::storage::Database& database, RoomNo room,
                                        MemberId member);
// The same; Error 4030 for others.
std::string require_member(ondol::storage::Database& database, RoomNo room, MemberId member);

// Their names, in the order of `ids`, each once; Error 4040 when one is unknown.
std::vector<MemberName> load_names(ondol::storage::Database& database,
                                   const std::vector<MemberId>& ids);

// Adds members at the end of the joining order; they have read everything up to the room's
// last_seq.
void add_members(ondol::storage::Database& database, RoomRow& room,
                 const std::vector<MemberName>& members);

// Writes last_seq, text_count and the other counters back, and moves the room to the top of the
// lists.
void save_counters(ondol::storage::Database& database, const RoomRow& room, std::int64_t activity);
// The same, of what a text message changes.
void count_message(ondol::storage::Database& database, RoomNo room, Seq last_seq,
                   std::int64_t text_count, std::int64_t activity);

}  // namespace chat::sqlite
