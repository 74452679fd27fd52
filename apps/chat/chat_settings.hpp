#pragma once

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>

#include <ondol/config/settings.hpp>
#include <ondol/messaging/token_expiry.hpp>
#include <ondol/security/jwt.hpp>

namespace chat {

// The settings of CH-62 that are the application's own.
struct ChatSettings {
  std::filesystem::path data_directory = "./data";
  std::filesystem::path storage_directory;  // of the database
  std::string storage_kind = "sqlite";      // or memory, which forgets
  std::optional<std::string> secret_key;    // base64
  std::chrono::milliseconds access_token_ttl = std::chrono::minutes{30};
  std::chrono::milliseconds refresh_token_ttl = std::chrono::hours{24 * 14};
  unsigned password_cost = 15;            // scrypt log2 N
  std::int64_t messages_per_second = 20;  // a member; 0: no limit
  std::int64_t burst = 40;
  std::int64_t replay_max = 1'000;  // CH-25
  ondol::messaging::ExpiryPolicy auth_expiry = ondol::messaging::ExpiryPolicy::close;
  std::chrono::milliseconds auth_grace = std::chrono::seconds{60};
  bool login_throttle = true;  // CH-5
  bool demo = false;           // CH-32

  static ChatSettings from(const ondol::config::Settings& settings);
};

// jwt.secret-key, or a key made at the first start and kept in the data directory with mode 0600
// (CH-53). Throws std::runtime_error with a text for the operator.
ondol::security::JwtKey load_key(const ChatSettings& settings);

}  // namespace chat
