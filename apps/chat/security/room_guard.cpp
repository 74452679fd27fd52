#include <apps/chat/security/room_guard.hpp>

#include <apps/chat/errors/chat_errors.hpp>
#include <apps/chat/talk/destinations.hpp>
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

namespace {

// The header `after` of CH-25.
std::optional<Seq> resumed_after(const ondol::messaging::Message& subscribe) {
  const auto header = subscribe.native.first("after");
  if (!header || is_events(subscribe.destination)) return std::nullopt;
  const auto after = ondol::parse_number<Seq>(*header);
  if (!after || *after < 0) {
    throw ondol::Error{kBadParameter, "after must be the number of a message, or 0."};
  }
  return after;
}

}  // namespace

Task<bool> RoomGuard::may_hear(const ondol::messaging::Message& subscribe,
                               const Check& check) const {
  const auto after = resumed_after(subscribe);
  if (!co_await rooms_.is_member(check.room, check.member)) co_return false;
  // A second SUBSCRIBE of the same id changes nothing.
  const auto& subscriptions = subscribe.session->subscriptions();
  const bool is_new = !subscribe.subscription_id.empty() &&
                      subscriptions.find(subscribe.subscription_id) == subscriptions.end();
  if (after && is_new) co_await replay_.send(subscribe, check.room, check.member, *after);
  co_return true;
}

Task<bool> RoomGuard::before_send(ondol::messaging::Message& message) {
  if (message.type != MessageType::subscribe) co_return true;
  const auto room = room_of(message.destination);
  if (!room) co_return true;
  const auto member = ondol::parse_number<std::int64_t>(message.user ? message.user->name : "");
  bool allowed = false;
  if (member && room->value > 0) {
    auto& checks = checks_[ondol::Loop::current().index()];
    const auto check = checks.insert(checks.end(), {*room, MemberId{*member}, false});
    try {
      allowed = co_await may_hear(message, *check) && !check->departed;
    } catch (...) {
      checks.erase(check);
      throw;
    }
    checks.erase(check);
  }
  if (!allowed) throw ondol::Error{kForbidden, "Not a member of this room."};
  co_return true;
}

void RoomGuard::departed(RoomNo room, MemberId member) {
  // The checks first: one that ends between the two steps of a loop is refused, and one that ended
  // before has stored a subscription for the second step to find.
  for (std::size_t i = 0; i < runtime_.size(); ++i) {
    const auto mark = [this, i, room, member] {
      for (auto& check : checks_[i]) {
        if (check.room == room && check.member == member) check.departed = true;
      }
    };
    if (ondol::Loop::current_or_null() == &runtime_.loop(i)) {
      mark();
    } else {
      runtime_.loop(i).post(mark);
    }
  }
  const auto user = std::to_string(member.value);
  messenger_.end_subscriptions(destination_of(room), user);
  messenger_.end_subscriptions(dotted_destination_of(room), user);
  messenger_.end_subscriptions(events_of(room), user);
}

}  // namespace chat
