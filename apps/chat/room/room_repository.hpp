#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

#include <apps/chat/room/room.hpp>
#include <ondol/runtime/task.hpp>

namespace chat {

struct NewGroup {
  MemberId owner;
  std::optional<std::string> title;
  std::vector<MemberId> members;  // beside the owner; repeats and the owner himself are passed over
};

struct OpenedRoom {
  RoomDetail room;
  bool created = false;  // false: the pair has had this room already (CH-10)
};

// What a change of a room left behind, for those who publish it.
struct RoomChange {
  std::optional<ChatMessage> announcement;  // the system message; none when nothing was announced
  std::vector<MemberId> joined;
  std::vector<MemberId> gone;
  bool closed = false;  // its last member left (CH-18)
  bool hidden = false;  // a direct room that its member put away (CH-18)
};

struct RoomPatch {
  std::optional<std::string> title;
  std::optional<bool> muted;  // of the acting member alone
};

struct ViewedRoom {
  MemberId viewer;
  RoomSummary room;
};

// The rooms and who is in them. A port, as MemberRepository is: threads, durability and Error 5030
// as there.
//
// Where a member and a room are given: Error 4040 when there is no such room or it is closed
// (CH-18), Error 4030 when the member is not in it (CH-12). Every change is atomic together with
// the system message that announces it (CH-13).
class RoomRepository {
 public:
  static constexpr std::size_t kMaxPage = 100;  // CH-11

  virtual ~RoomRepository() = default;

  // The room as the owner sees it. Error 4040 for unknown members, 4221 above kMaxRoomMembers.
  virtual ondol::Task<RoomDetail> create_group(NewGroup group) = 0;

  // The one direct room of the two, as the caller sees it. Error 4040 for unknown members, 4221
  // with oneself.
  virtual ondol::Task<OpenedRoom> open_direct(MemberId caller, MemberId other) = 0;

  virtual ondol::Task<RoomDetail> find(RoomNo room, MemberId viewer) = 0;

  // The rooms of a member, newest message first; a room without messages stands where it was
  // created. Hidden rooms are left out (CH-18). The limit is brought into 1 to kMaxPage. Error 4002
  // for a cursor that no page gave. A constant number of queries.
  virtual ondol::Task<RoomPage> page(MemberId member, std::optional<std::string> cursor,
                                     std::size_t limit) = 0;

  // One room as each of these members has it in his list (CH-30); who is not in it is left out, so
  // is everybody when the room is closed or unknown. A constant number of queries.
  virtual ondol::Task<std::vector<ViewedRoom>> summaries(RoomNo room,
                                                         std::vector<MemberId> viewers) = 0;

  // Who joined first comes first; nobody when the room is closed or unknown.
  virtual ondol::Task<std::vector<MemberId>> members(RoomNo room) = 0;

  // False also when the room is closed or unknown.
  virtual ondol::Task<bool> is_member(RoomNo room, MemberId member) = 0;

  // Who is in it already is passed over (CH-13). Error 4050 for direct rooms, 4040 for unknown
  // members, 4221 above kMaxRoomMembers.
  virtual ondol::Task<RoomChange> invite(RoomNo room, MemberId acting,
                                         std::vector<MemberId> members) = 0;

  // A group: ownership passes to the longest member, the last one closes it. A direct room: hides
  // it from the member until its next message (CH-13, CH-18).
  virtual ondol::Task<RoomChange> leave(RoomNo room, MemberId member) = 0;

  // By the owner alone, otherwise Error 4030; 4040 when the target is not in the room; 4050 for
  // direct rooms. An owner who names himself leaves.
  virtual ondol::Task<RoomChange> remove(RoomNo room, MemberId acting, MemberId target) = 0;

  // Announces a title only when it differs from the present one. Error 4050 for the title of a
  // direct room (CH-15).
  virtual ondol::Task<RoomChange> update(RoomNo room, MemberId acting, RoomPatch patch) = 0;
};

}  // namespace chat
