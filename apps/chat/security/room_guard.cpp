#include <apps/chat/security/room_guard.hpp>

#include <apps/chat/errors/chat_errors.hpp>
#include <ondol/base/text.hpp>
#include <ondol/messaging/token_at_connect.hpp>

namespace chat {

using ondol::Task;
using ondol::messaging::MessageType;

Task<bool> MemberAtConnect::before_send(ondol::messaging::Message& message) {
  if (message.type != MessageType::connect) co_return true;
  const auto id = ondol::parse_number<std::int64_t>(message.user ? message.user->name : "");
  const auto member = id ? co_await members_.find(MemberId{*id}) : std::nullopt;
  if (!member) throw ondol::messaging::authentication_error(ondol::security::JwtError::missing);
  co_return true;
}

Task<bool> RoomGuard::before_send(ondol::messaging::Message& message) {
  constexpr std::string_view kPrefix = "/sub/chat/";
  if (message.type != MessageType::subscribe || !message.destination.starts_with(kPrefix))
    co_return true;
  const auto rest = std::string_view{message.destination}.substr(kPrefix.size());
  const auto room = ondol::parse_number<std::int64_t>(rest.substr(0, rest.find('/')));
  const auto member = ondol::parse_number<std::int64_t>(message.user ? message.user->name : "");
  const bool allowed =
      room && member && co_await rooms_.is_member(RoomNo{*room}, MemberId{*member});
  if (!allowed) throw ondol::Error{kForbidden, "Not a member of this room."};
  co_return true;
}

}  // namespace chat
