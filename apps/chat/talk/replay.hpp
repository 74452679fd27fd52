#pragma once

#include <string>

#include <apps/chat/talk/chat_history.hpp>
#include <ondol/messaging/messenger.hpp>

namespace chat {

// What a member missed, before the room is live for him (CH-25). Used on all loops.
class Replay {
 public:
  // At most `maximum` messages; what lies before them is told as a gap.
  Replay(ChatHistory& history, ondol::messaging::Messenger& messenger, Seq maximum)
      : history_{history}, messenger_{messenger}, maximum_{maximum} {}

  // Sends the messages above `after` to the subscription that `subscribe` asks for. What its caller
  // does until it waits again comes after all of them and before the publication of any later one:
  // it stores the subscription there. Throws as ChatHistory::page() does.
  ondol::Task<void> send(const ondol::messaging::Message& subscribe, RoomNo room, MemberId reader,
                         Seq after) const;

 private:
  ondol::Task<void> send_paced(const ondol::messaging::Message& subscribe,
                               const HistoryPage& page) const;
  ondol::Task<void> send_all(const ondol::messaging::Message& subscribe, RoomNo room,
                             MemberId reader, Seq after) const;

  ChatHistory& history_;
  ondol::messaging::Messenger& messenger_;
  Seq maximum_;
};

}  // namespace chat
