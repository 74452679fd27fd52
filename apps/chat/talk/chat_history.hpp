#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include <apps/chat/talk/chat_message.hpp>
#include <ondol/runtime/task.hpp>

namespace chat {

struct NewMessage {
  RoomNo room_no;
  MemberId sender;
  std::string content;
  std::optional<std::string> client_id;  // a UUID; compared without case (CH-23)
  std::optional<Seq> reply_to;
};

struct Appended {
  ChatMessage message;
  bool duplicate = false;  // nothing was written; `message` is the one stored before (CH-23)
  std::int64_t member_count = 0;
};

// At most one of the two bounds; both are exclusive. Neither: the newest.
struct HistoryRange {
  std::optional<Seq> before;
  std::optional<Seq> after;
  std::size_t limit = 50;
};

struct HistoryPage {
  std::vector<ChatMessage> messages;  // ascending by seq
  bool has_more = false;              // beyond the page in the direction asked; older when neither
  Seq newest_seq = 0;                 // of the room, in the same snapshot as `messages`
};

struct Watermark {
  Seq seq = 0;          // where it stands now
  bool raised = false;  // false: it stood there or above already
};

// What was said in the rooms. A port, as MemberRepository is: threads, durability and Error 5030 as
// there.
//
// Where a member and a room are given: Error 4040 when there is no such room or it is closed
// (CH-18), Error 4030 when the member is not in it (CH-12). System messages are written by
// RoomRepository, together with the change that they announce.
class ChatHistory {
 public:
  static constexpr std::size_t kMaxPage = 1000;

  virtual ~ChatHistory() = default;

  // Stores a text message with the next seq of the room and raises the sender's watermark to it. A
  // repeat of (room, sender, client id) gives the stored message, also when the sender has left
  // since (CH-23). Messages of one room are resumed in the order of their seq for callers on one
  // loop. Error 4040 also when `reply_to` names no message of the room.
  virtual ondol::Task<Appended> append(NewMessage message) = 0;

  // The message that (room, sender, client id) made, for those who must know about a repeat before
  // they count it against a rate (CH-23). No membership is asked for.
  virtual ondol::Task<std::optional<ChatMessage>> find_sent(RoomNo room, MemberId sender,
                                                            std::string client_id) = 0;

  // A constant number of queries. The limit is brought into 1 to kMaxPage. Error 4002 with both
  // bounds.
  virtual ondol::Task<HistoryPage> page(RoomNo room, MemberId reader, HistoryRange range) = 0;

  // The same, of a reader who then hears the room live (CH-25): all that he does until he waits
  // again comes, on his loop, after the publication of what the page knows of and before that of
  // anything later. Costs a turn of the writer.
  virtual ondol::Task<HistoryPage> page_in_order(RoomNo room, MemberId reader,
                                                 HistoryRange range) = 0;

  // Raises how far the member has read, never lowers it; a seq above the newest counts as the
  // newest (CH-26).
  virtual ondol::Task<Watermark> raise_watermark(RoomNo room, MemberId reader, Seq seq) = 0;
};

}  // namespace chat
