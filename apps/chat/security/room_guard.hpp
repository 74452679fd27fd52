#pragma once

#include <apps/chat/member/member_repository.hpp>
#include <apps/chat/room/room_repository.hpp>
#include <ondol/messaging/channel.hpp>

namespace chat {

// The token's subject must be a member that exists (CH-63). Stands behind TokenAtConnect.
class MemberAtConnect final : public ondol::messaging::AsyncChannelInterceptor {
 public:
  explicit MemberAtConnect(MemberRepository& members) : members_{members} {}
  ondol::Task<bool> before_send(ondol::messaging::Message& message) override;

 private:
  MemberRepository& members_;
};

// Only members hear a room (CH-25). Stands behind the guard that knows the destinations.
class RoomGuard final : public ondol::messaging::AsyncChannelInterceptor {
 public:
  explicit RoomGuard(RoomRepository& rooms) : rooms_{rooms} {}
  ondol::Task<bool> before_send(ondol::messaging::Message& message) override;

 private:
  RoomRepository& rooms_;
};

}  // namespace chat
