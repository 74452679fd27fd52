#pragma once

#include <string_view>

#include <apps/chat/room/room_repository.hpp>
#include <apps/chat/storage/memory/memory_state.hpp>

namespace chat::memory {

class MemoryRooms final : public RoomRepository {
 public:
  explicit MemoryRooms(State& state) : state_{state} {}

  ondol::Task<RoomDetail> create_group(NewGroup group) override;
  ondol::Task<OpenedRoom> open_direct(MemberId caller, MemberId other) override;
  ondol::Task<RoomDetail> find(RoomNo room, MemberId viewer) override;
  ondol::Task<RoomPage> page(MemberId member, std::optional<std::string> cursor,
                             std::size_t limit) override;
  ondol::Task<std::vector<ViewedRoom>> summaries(RoomNo room,
                                                 std::vector<MemberId> viewers) override;
  ondol::Task<std::vector<MemberId>> members(RoomNo room) override;
  ondol::Task<bool> is_member(RoomNo room, MemberId member) override;
  ondol::Task<RoomChange> invite(RoomNo room, MemberId acting,
                                 std::vector<MemberId> members) override;
  ondol::Task<RoomChange> leave(RoomNo room, MemberId member) override;
  ondol::Task<RoomChange> remove(RoomNo room, MemberId acting, MemberId target) override;
  ondol::Task<RoomChange> update(RoomNo room, MemberId acting, RoomPatch patch) override;

 private:
  Room& insert(Room room);
  RoomSummary summary(const Room& room, const Membership& viewer) const;
  RoomDetail detail(const Room& room, const Membership& viewer) const;
  ChatMessage announce(Room& room, MemberId acting, std::string_view what,
                       const std::vector<MemberId>& about);
  RoomChange take_out(Room& room, MemberId acting, MemberId target, std::string_view what);

  State& state_;
};

}  // namespace chat::memory
