#pragma once

#include <memory>
#include <string>
#include <vector>

#include <apps/chat/room/room_repository.hpp>
#include <ondol/messaging/messenger.hpp>
#include <ondol/runtime/runtime.hpp>

namespace chat {

// What members are told of their rooms besides the messages: the room list's own queue (CH-30), the
// events of a room (CH-26), and that somebody is out (CH-14). Each room has one loop that keeps its
// rates, so what was held back is merged in one place. Used from any thread.
class RoomNews {
 public:
  RoomNews(RoomRepository& rooms, ondol::messaging::Messenger& messenger, ondol::Runtime& runtime);
  ~RoomNews();

  // The present state of the room, to each member who is connected: at once if the room was quiet
  // for a second, else at the end of that second.
  void changed(RoomNo room);
  // The same, to one member: his own watermark is a change of his view only.
  void changed_for(RoomNo room, MemberId member);

  // `/user/queue/rooms` says that the room is off the member's list: because he is out (CH-14), or
  // because he hides a direct room (CH-18).
  void removed(RoomNo room, MemberId member);

  // To the members who have the room open: at most 5 times a second.
  void read(RoomNo room, MemberId reader, Seq seq);

  // Called for every message in the order of the commits, on a thread of the storage.
  void publish(const ChatMessage& message) const;

 private:
  class Desk;
  Desk& desk_of(RoomNo room, ondol::Loop*& loop);

  ondol::messaging::Messenger& messenger_;
  ondol::Runtime& runtime_;
  std::vector<std::unique_ptr<Desk>> desks_;  // one a loop
};

}  // namespace chat
