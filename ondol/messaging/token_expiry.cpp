#include <ondol/messaging/token_expiry.hpp>

#include <algorithm>
#include <any>
#include <memory>

#include <ondol/messaging/token_at_connect.hpp>
#include <ondol/runtime/loop.hpp>

namespace ondol::messaging {
namespace {

constexpr std::string_view kAttribute = "ondol.token-expiry";
// The wall clock may be set while a session lives, so it is asked again at least so often.
constexpr std::chrono::milliseconds kLongest = std::chrono::hours{1};

struct Watch {
  explicit Watch(ClientSession& the_session) : session{the_session} {}

  void arm() {
    const auto left = std::chrono::ceil<std::chrono::milliseconds>(ends_at - now_instant());
    Loop::current().arm(timer, std::min(left, kLongest));
  }
  void due() {
    if (now_instant() < ends_at) return arm();
    session.end(authentication_error(security::JwtError::expired));
  }

  ClientSession& session;  // owns this
  Instant expires_at{};
  Instant ends_at{};
  Timer timer{[](void* self) { static_cast<Watch*>(self)->due(); }, this};
};

}  // namespace

void TokenExpiry::watch(ClientSession& session, Instant expires_at) const {
  if (options_.policy == ExpiryPolicy::ignore) return;
  auto& attribute = session.attributes()[std::string{kAttribute}];
  if (!attribute.has_value()) attribute = std::make_shared<Watch>(session);
  auto& watch = *std::any_cast<std::shared_ptr<Watch>&>(attribute);
  watch.expires_at = expires_at;
  watch.ends_at = expires_at + options_.grace;
  if (options_.policy == ExpiryPolicy::close) watch.arm();
}

bool TokenExpiry::before_send(Message& message) {
  if (options_.policy != ExpiryPolicy::report || !message.session) return true;
  if (message.type != MessageType::message && message.type != MessageType::subscribe) return true;
  if (message.destination == options_.renew_at) return true;
  const auto& attributes = message.session->attributes();
  const auto found = attributes.find(kAttribute);
  if (found == attributes.end()) return true;
  const auto& watch = *std::any_cast<const std::shared_ptr<Watch>&>(found->second);
  if (now_instant() <= watch.expires_at) return true;
  const auto expired = authentication_error(security::JwtError::expired);
  throw Error{expired.code(), expired.what()};
}

}  // namespace ondol::messaging
