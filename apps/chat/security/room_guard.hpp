#pragma once

#include <list>
#include <vector>

#include <apps/chat/member/member_repository.hpp>
#include <apps/chat/room/room_repository.hpp>
#include <apps/chat/talk/replay.hpp>
#include <ondol/messaging/channel.hpp>
#include <ondol/messaging/messenger.hpp>
#include <ondol/runtime/runtime.hpp>

namespace chat {

// The token's subject must be a member that exists (CH-63). Stands behind TokenAtConnect.
class MemberAtConnect final : public ondol::messaging::AsyncChannelInterceptor {
 public:
  explicit MemberAtConnect(MemberRepository& members) : members_{members} {}
  ondol::Task<bool> before_send(ondol::messaging::Message& message) override;

 private:
  MemberRepository& members_;
};

// Only members hear a room, after what they missed if they say where they were (CH-25), and who has
// left hears nothing more (CH-14). Stands behind the guard that knows the destinations.
class RoomGuard final : public ondol::messaging::AsyncChannelInterceptor {
 public:
  RoomGuard(RoomRepository& rooms, const Replay& replay, ondol::messaging::Messenger& messenger,
            ondol::Runtime& runtime)
      : rooms_{rooms},
        replay_{replay},
        messenger_{messenger},
        runtime_{runtime},
        checks_(runtime.size()) {}
  ondol::Task<bool> before_send(ondol::messaging::Message& message) override;

  // Ends the member's subscriptions of the room on every loop, and those that are being checked
  // there. From any thread, once the departure is committed.
  void departed(RoomNo room, MemberId member);

 private:
  // A SUBSCRIBE whose membership is being asked for; the answer may be older than a departure.
  struct Check {
    RoomNo room;
    MemberId member;
    bool departed = false;
  };

  ondol::Task<bool> may_hear(const ondol::messaging::Message& subscribe, const Check& check) const;

  RoomRepository& rooms_;
  const Replay& replay_;
  ondol::messaging::Messenger& messenger_;
  ondol::Runtime& runtime_;
  std::vector<std::list<Check>> checks_;  // by loop, used there only
};

}  // namespace chat
