#pragma once

#include <optional>
#include <string>
#include <vector>

#include <apps/chat/room/room_repository.hpp>
#include <apps/chat/security/api_login.hpp>
#include <apps/chat/security/room_guard.hpp>
#include <apps/chat/talk/chat_history.hpp>
#include <apps/chat/talk/room_news.hpp>
#include <ondol/web/web.hpp>

namespace chat {

// CH-10 to CH-16 over HTTP.
class RoomController {
 public:
  RoomController(RoomRepository& rooms, ChatHistory& history, RoomNews& news, RoomGuard& guard)
      : rooms_{rooms}, history_{history}, news_{news}, guard_{guard} {}

  void routes(ondol::web::Routes<RoomController>& on) const;

 private:
  using Room = ondol::Path<"roomNo", RoomNo>;

  struct NewRoom {
    std::string type;
    std::optional<std::string> title;
    std::vector<MemberId> member_ids;
  };
  struct Invitation {
    std::vector<MemberId> member_ids;
  };
  struct Messages {
    std::vector<ChatMessage> messages;
    bool has_more = false;
  };

  ondol::Task<ondol::web::Reply<RoomDetail>> open(ApiLogin login, ondol::Body<NewRoom> room) const;
  ondol::Task<RoomPage> list(ApiLogin login, std::optional<ondol::Query<"cursor">> cursor,
                             ondol::Query<"limit", int, "50"> limit) const;
  ondol::Task<RoomDetail> show(ApiLogin login, Room room) const {
    return rooms_.find(*room, login.member.member_id);
  }
  ondol::Task<RoomDetail> update(ApiLogin login, Room room, ondol::Body<RoomPatch> patch) const;
  ondol::Task<RoomDetail> invite(ApiLogin login, Room room,
                                 ondol::Body<Invitation> invitation) const;
  ondol::Task<void> leave(ApiLogin login, Room room) const;
  ondol::Task<void> remove(ApiLogin login, Room room,
                           ondol::Path<"memberId", MemberId> target) const;
  ondol::Task<Messages> messages(ApiLogin login, Room room,
                                 std::optional<ondol::Query<"before", Seq>> before,
                                 std::optional<ondol::Query<"after", Seq>> after,
                                 ondol::Query<"limit", int, "50"> limit) const;

  void tell_who_is_gone(RoomNo room, const RoomChange& change) const;

  RoomRepository& rooms_;
  ChatHistory& history_;
  RoomNews& news_;
  RoomGuard& guard_;
};

}  // namespace chat
