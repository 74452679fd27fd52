#pragma once

#include <memory>

#include <apps/chat/chat_settings.hpp>
#include <apps/chat/errors/api_advice.hpp>
#include <apps/chat/member/login_service.hpp>
#include <apps/chat/member/member_controller.hpp>
#include <apps/chat/room/room_controller.hpp>
#include <apps/chat/security/room_guard.hpp>
#include <apps/chat/security/session_token_controller.hpp>
#include <apps/chat/storage/chat_storage.hpp>
#include <apps/chat/talk/chat_controller.hpp>
#include <apps/chat/talk/rate_limiter.hpp>
#include <apps/chat/talk/room_news.hpp>
#include <ondol/boot/application.hpp>
#include <ondol/messaging/destination_guard.hpp>
#include <ondol/messaging/token_at_connect.hpp>

namespace chat {

// The framework's switches as the chat sets them (chat.md 1).
ondol::ApplicationOptions application_options(const ondol::config::Settings& settings);

// Everything the server is made of, in the order of its dependencies: a member may use those above
// it.
class ChatApp {
 public:
  explicit ChatApp(ondol::Application& app);

 private:
  ChatSettings settings_;
  ondol::security::JwtKey key_;
  ondol::security::JwtVerifier verifier_{key_};
  ondol::security::JwtSigner signer_{key_};
  std::unique_ptr<ChatStorage> storage_;

  LoginService logins_;
  RoomNews news_;
  Replay replay_;
  RoomGuard room_guard_;
  RateLimiter rate_;

  MemberController member_controller_;
  RoomController room_controller_;
  ChatController chat_controller_;
  ApiAdvice api_advice_;

  ondol::messaging::TokenExpiry token_expiry_;
  SessionTokenController session_token_controller_{verifier_, token_expiry_};
  ondol::messaging::TokenAtConnect token_at_connect_{verifier_, &token_expiry_};
  MemberAtConnect member_at_connect_;
  ondol::messaging::DestinationGuard destination_guard_;
};

}  // namespace chat
