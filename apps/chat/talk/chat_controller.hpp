#pragma once

#include <optional>
#include <string>
#include <vector>

#include <apps/chat/room/room_no.hpp>
#include <apps/chat/talk/chat_history.hpp>
#include <apps/chat/talk/rate_limiter.hpp>
#include <apps/chat/talk/room_news.hpp>
#include <ondol/messaging/dispatcher.hpp>

namespace chat {

// Talking over STOMP: sending (CH-21 to CH-23) and reading (CH-26). The publication is not made
// here: the storage tells every committed message, in order, to RoomNews::publish.
class ChatController {
 public:
  ChatController(ChatHistory& history, RoomNews& news, ondol::messaging::Messenger& messenger,
                 RateLimiter& rate, bool demo)
      : history_{history}, news_{news}, messenger_{messenger}, rate_{rate}, demo_{demo} {}

  void routes(ondol::messaging::Routes<ChatController>& on) const;

 private:
  using Room = ondol::Path<"roomNo", RoomNo>;

  struct ChatRequest {
    std::optional<std::string> type;
    std::string content;
    std::optional<std::string> client_id;
    std::optional<Seq> reply_to;
    std::optional<std::vector<std::string>> file_ids;
  };
  // The dotted form names the room in the body (CH-32).
  struct DottedRequest {
    RoomNo room_id;
    std::optional<std::string> type;
    std::string content;
    std::optional<std::string> client_id;
    std::optional<Seq> reply_to;
    std::optional<std::vector<std::string>> file_ids;
  };
  struct ReadRequest {
    std::optional<Seq> seq;
  };

  ondol::Task<void> send(Room room, ondol::messaging::Principal sender,
                         ondol::messaging::SessionId session,
                         ondol::Body<ChatRequest> request) const;
  ondol::Task<void> send_dotted(ondol::messaging::Principal sender,
                                ondol::messaging::SessionId session,
                                ondol::Body<DottedRequest> request) const;
  void fail_on_purpose() const;
  ondol::Task<void> append(RoomNo room, ondol::messaging::Principal sender,
                           ondol::messaging::SessionId session, ChatRequest request) const;
  ondol::Task<void> read(Room room, ondol::messaging::Principal reader,
                         ondol::Body<ReadRequest> request) const;

  static void check(const ChatRequest& request);
  void repeat(const ondol::messaging::Principal& sender, const ondol::messaging::SessionId& session,
              const ChatMessage& stored) const;

  ChatHistory& history_;
  RoomNews& news_;
  ondol::messaging::Messenger& messenger_;
  RateLimiter& rate_;
  bool demo_;
};

}  // namespace chat
