#pragma once

#include <string>
#include <vector>

#include <apps/chat/room/room_repository.hpp>
#include <ondol/messaging/messenger.hpp>

namespace chat {

// What members are told of their rooms besides the messages: the room list's own queue (CH-30), the
// events of a room (CH-26), and that somebody is out (CH-14). Used on all loops.
class RoomNews {
 public:
  RoomNews(RoomRepository& rooms, ondol::messaging::Messenger& messenger)
      : rooms_{rooms}, messenger_{messenger} {}

  // The present state of the room, to each member who is connected.
  ondol::Task<void> tell_members(RoomNo room) const;
  ondol::Task<void> tell_member(RoomNo room, MemberId member) const;

  // Ends the member's live subscriptions of the room everywhere, and takes it off his list.
  void tell_removed(RoomNo room, MemberId member) const;
  // Off the list only: who hides a direct room stays in it (CH-18).
  void tell_hidden(RoomNo room, MemberId member) const;

  void tell_read(RoomNo room, MemberId reader, Seq seq) const;

  // Called for every message in the order of the commits, on a thread of the storage.
  void publish(const ChatMessage& message) const;

 private:
  RoomRepository& rooms_;
  ondol::messaging::Messenger& messenger_;
};

// /sub/chat/5 and /sub/chat/5/events.
std::string destination_of(RoomNo room);
std::string events_of(RoomNo room);

}  // namespace chat
