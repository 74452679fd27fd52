#include <apps/chat/talk/chat_controller.hpp>

#include <stdexcept>
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

void ChatController::routes(ondol::messaging::Routes<ChatController>& on) const {
  on.message("/chat/{roomNo}", &ChatController::send);
  on.message("/chat/{roomNo}/read", &ChatController::read);
  on.message("/chat.message", &ChatController::send_dotted);
  if (demo_) on.message("/chat.message.exception", &ChatController::fail_on_purpose);
}

Task<void> ChatController::send(Room room, ondol::messaging::Principal sender,
                                ondol::messaging::SessionId session,
                                ondol::Body<ChatRequest> request) const {
  return append(*room, std::move(sender), std::move(session), std::move(*request));
}

Task<void> ChatController::send_dotted(ondol::messaging::Principal sender,
                                       ondol::messaging::SessionId session,
                                       ondol::Body<DottedRequest> request) const {
  ChatRequest plain{request->type, request->content, request->client_id, request->reply_to,
                    request->file_ids};
  return append(request->room_id, std::move(sender), std::move(session), std::move(plain));
}

void ChatController::fail_on_purpose() const {
  throw std::runtime_error{"forced"};
}

// CH-23: a repeat costs no rate, is not judged again, and works for one who has left since. The
// commit finds repeats by itself, so only what would be refused is looked up before.
Task<void> ChatController::append(RoomNo room, ondol::messaging::Principal sender,
                                  ondol::messaging::SessionId session, ChatRequest request) const {
  const auto member = member_of(sender);
  std::exception_ptr refusal;
  try {
    check(request);
    if (const int wait = rate_.take(member, RateLimiter::Clock::now()); wait > 0) {
      throw TooManyRequests{wait};
    }
  } catch (...) {
    refusal = std::current_exception();
  }
  if (refusal) {
    if (request.client_id && ondol::is_uuid(*request.client_id)) {
      if (auto stored = co_await history_.find_sent(room, member, *request.client_id)) {
        co_return repeat(sender, session, *stored);
      }
    }
    std::rethrow_exception(refusal);
  }
  NewMessage message{room, member, std::move(request.content), std::move(request.client_id),
                     request.reply_to};
  const auto appended = co_await history_.append(std::move(message));
  if (appended.duplicate) {
    rate_.give_back(member);
    co_return repeat(sender, session, appended.message);
  }
  news_.changed(room);
}

void ChatController::repeat(const ondol::messaging::Principal& sender,
                            const ondol::messaging::SessionId& session,
                            const ChatMessage& stored) const {
  messenger_.send_to_user(sender.name, "/queue/sent", stored, {session.value, {}});
}

void ChatController::check(const ChatRequest& request) {
  Validation{}
      .check(!request.type || *request.type == kTextMessage, "type", "Pattern", "must be text")
      .length("content", request.content, 1, 5'000)
      .check(!request.client_id || ondol::is_uuid(*request.client_id), "clientId", "UUID",
             "must be a UUID")
      .check(!request.file_ids, "fileIds", "Unsupported", "files are not supported yet")
      .finish();
}

Task<void> ChatController::read(Room room, ondol::messaging::Principal reader,
                                ondol::Body<ReadRequest> request) const {
  if (!request->seq || *request->seq < 1)
    throw ondol::Error{kBadParameter, "seq must be a positive integer."};
  const auto member = member_of(reader);
  const auto watermark = co_await history_.raise_watermark(*room, member, *request->seq);
  if (!watermark.raised) co_return;
  news_.read(*room, member, watermark.seq);
  news_.changed_for(*room, member);
}

}  // namespace chat
