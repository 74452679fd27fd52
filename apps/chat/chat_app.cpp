#include <apps/chat/chat_app.hpp>

#include <filesystem>
#include <utility>

#include <apps/chat/errors/reasons.hpp>
#include <apps/chat/page/page.hpp>

namespace chat {
namespace {

std::unique_ptr<ChatStorage> open_storage(const ChatSettings& settings, ondol::Workers& workers) {
  if (settings.storage_kind == "memory") return open_memory_storage();
  std::filesystem::create_directories(settings.storage_directory);
  return open_sqlite_storage(settings.storage_directory, workers);
}

// The destinations that chat.md names; their members-only rule is RoomGuard's (CH-35).
ondol::messaging::DestinationGuard::Options destinations() {
  return {.send_prefixes = {"/pub/"},
          .subscribe_patterns = {"/sub/chat/*", "/sub/chat/*/events", "/sub/chat.room.*",
                                 "/user/queue/*"},
          .deny_patterns = true};
}

}  // namespace

ondol::ApplicationOptions application_options(const ondol::config::Settings& settings) {
  ChatSettings::from(settings);
  using namespace std::chrono_literals;
  ondol::ApplicationOptions options;
  options.stomp_path = "/websocket-endpoint";
  options.stomp.receipts = true;
  // The writer keeps the order in which they began, and commits them together.
  options.stomp.max_overlapping_sends = 64;
  options.stomp.heartbeat_outgoing = 10s;
  options.stomp.heartbeat_incoming = 10s;
  options.stomp.error_expose_messages = false;
  options.errors.expose_messages = false;
  options.errors.user_broadcast = false;
  options.errors.receipt_id = true;
  options.errors.reasons = reason_in;
  options.stomp.reasons = reason_in;
  options.dispatcher.unmapped_is_error = true;
  return options;
}

ChatApp::ChatApp(ondol::Application& app)
    : settings_{ChatSettings::from(app.settings())},
      key_{load_key(settings_)},
      storage_{open_storage(settings_, app.runtime().workers())},
      logins_{storage_->members(), storage_->refresh_tokens(), signer_, app.runtime().workers(),
              settings_},
      news_{storage_->rooms(), app.messenger(), app.runtime()},
      replay_{storage_->history(), app.messenger(), settings_.replay_max},
      room_guard_{storage_->rooms(), replay_, app.messenger(), app.runtime()},
      rate_{settings_.messages_per_second, settings_.burst},
      member_controller_{logins_, storage_->members()},
      room_controller_{storage_->rooms(), storage_->history(), news_, room_guard_},
      chat_controller_{storage_->history(), news_, app.messenger(), rate_, settings_.demo},
      token_expiry_{{.policy = settings_.auth_expiry,
                     .grace = settings_.auth_grace,
                     .renew_at = std::string{SessionTokenController::kDestination}}},
      member_at_connect_{storage_->members()},
      destination_guard_{destinations()} {
  storage_->on_committed([this](const ChatMessage& message) { news_.publish(message); });
  app.on_stop([this] { storage_->stop(); });

  app.web()
      .filter("/api/", api_login_filter(verifier_, storage_->members()))
      .mount(member_controller_)
      .mount(room_controller_)
      .advise(api_advice_)
      .reasons(reason_in)
      .fallback(page_files());

  app.inbound().intercept(token_at_connect_);
  app.inbound().intercept(token_expiry_);
  app.inbound().intercept(member_at_connect_);
  app.inbound().intercept(destination_guard_);
  app.inbound().intercept(room_guard_);
  app.errors().add([](const ValidationError& e) { return to_body(e); });
  app.errors().add([](const TooManyRequests& e) { return to_body(e); });
  app.dispatcher().mount(chat_controller_);
  app.dispatcher().mount(session_token_controller_);
}

}  // namespace chat
