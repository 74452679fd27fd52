#pragma once

#include <string_view>
#include <vector>

#include <apps/chat/room/room_repository.hpp>
#include <apps/chat/storage/sqlite/room_rows.hpp>
#include <ondol/storage/sqlite.hpp>

namespace chat::sqlite {

// How rooms and memberships change, inside one transaction of the writer. The contracts are those
// of the methods of RoomRepository.
class RoomChanges {
 public:
  RoomChanges(ondol::storage::Database& database, ActivityClock& clock)
      : database_{database}, clock_{clock} {}

  RoomNo create_group(const NewGroup& group);
  struct Opened {
    RoomNo room_no;
    bool created = false;
  };
  Opened open_direct(MemberId caller, MemberId other);
  RoomChange invite(RoomNo room, MemberId acting, const std::vector<MemberId>& members);
  RoomChange leave(RoomNo room, MemberId member);
  RoomChange remove(RoomNo room, MemberId acting, MemberId target);
  RoomChange update(RoomNo room, MemberId acting, const RoomPatch& patch);

 private:
  ChatMessage announce(RoomRow& room, MemberName acting, std::string_view what,
                       std::vector<MemberName> about);
  RoomChange take_out(RoomRow& room, const MemberName& acting, const MemberName& target,
                      std::string_view what);
  void pass_ownership(const RoomRow& room);
  RoomChange hide(const RoomRow& room, MemberId member);

  ondol::storage::Database& database_;
  ActivityClock& clock_;
};

}  // namespace chat::sqlite
