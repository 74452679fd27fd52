#include <apps/chat/talk/chat_controller.hpp>

#include <utility>

#include <apps/chat/errors/chat_errors.hpp>
#include <ondol/base/ids.hpp>
#include <ondol/bind/convert.hpp>

namespace chat {
namespace {

using ondol::Task;

MemberId member_of(const ondol::messaging::Principal& user) {
  return ondol::bind::convert<MemberId>(user.name, "sub");
}

}  // namespace

Task<void> ChatController::send(Room room, ondol::messaging::Principal sender,
                                ondol::messaging::SessionId session,
                                ondol::Body<ChatRequest> request) const {
  const auto member = member_of(sender);
  if (request->client_id && ondol::is_uuid(*request->client_id)) {
    // CH-23: a repeat costs no rate, is not judged again, and works for one who has left since.
    if (auto stored = co_await history_.find_sent(*room, member, *request->client_id)) {
      messenger_.send_to_user(sender.name, "/queue/sent", *stored, session.value);
      co_return;
    }
  }
  Validation{}
      .check(!request->type || *request->type == kTextMessage, "type", "Pattern", "must be text")
      .length("content", request->content, 1, 5'000)
      .check(!request->client_id || ondol::is_uuid(*request->client_id), "clientId", "UUID",
             "must be a UUID")
      .check(!request->reply_to, "replyTo", "Unsupported", "replies are not supported yet")
      .check(!request->file_ids, "fileIds", "Unsupported", "files are not supported yet")
      .finish();
  if (const int retry_after = rate_.take(member, RateLimiter::Clock::now()); retry_after > 0) {
    throw TooManyRequests{retry_after};
  }
  NewMessage message{*room, member, request->content, request->client_id, std::nullopt};
  const auto appended = co_await history_.append(std::move(message));
  if (appended.duplicate) {
    messenger_.send_to_user(sender.name, "/queue/sent", appended.message, session.value);
    co_return;
  }
  co_await news_.tell_members(*room);
}

Task<void> ChatController::read(Room room, ondol::messaging::Principal reader,
                                ondol::Body<ReadRequest> request) const {
  if (!request->seq || *request->seq < 1)
    throw ondol::Error{kBadParameter, "seq must be a positive integer."};
  const auto member = member_of(reader);
  const auto watermark = co_await history_.raise_watermark(*room, member, *request->seq);
  if (!watermark.raised) co_return;
  news_.tell_read(*room, member, watermark.seq);
  co_await news_.tell_member(*room, member);
}

}  // namespace chat
