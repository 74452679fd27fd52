#include <apps/chat/chat_settings.hpp>

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <fstream>
#include <stdexcept>

#include <ondol/base/encoding.hpp>
#include <ondol/base/ids.hpp>
#include <ondol/base/text.hpp>

namespace chat {

namespace {

ondol::messaging::ExpiryPolicy expiry_policy(std::string_view name) {
  using ondol::messaging::ExpiryPolicy;
  if (name == "close") return ExpiryPolicy::close;
  return name == "report" ? ExpiryPolicy::report : ExpiryPolicy::ignore;
}

std::filesystem::path directory_of(const std::string& url, const std::filesystem::path& otherwise) {
  constexpr std::string_view kScheme = "sqlite:";
  if (url.empty()) return otherwise;
  if (!url.starts_with(kScheme) || url.size() == kScheme.size()) {
    throw ondol::config::SettingsError{"storage.url = '" + url +
                                       "': expected sqlite: and a directory"};
  }
  return url.substr(kScheme.size());
}

}  // namespace

ChatSettings ChatSettings::from(const ondol::config::Settings& settings) {
  ChatSettings chat;
  chat.data_directory = settings.text("data.directory", "./data", "of the database and the key");
  chat.storage_kind =
      settings.choice("storage.kind", {"sqlite", "memory"}, "memory keeps nothing over a restart");
  chat.storage_directory = directory_of(
      settings.text("storage.url", "",
                    "sqlite:/a/directory for the database alone; empty: data.directory"),
      chat.data_directory);
  if (!settings.text("history.url", "", "of messages that are kept elsewhere; empty with same")
           .empty()) {
    throw ondol::config::SettingsError{
        "history.url: history.kind=same keeps messages with the rest"};
  }
  settings.choice("history.kind", {"same"}, "messages are stored with everything else");
  settings.choice("broker.kind", {"simple"}, "the broker inside the process");
  chat.secret_key = settings.secret(
      "jwt.secret-key", "base64, at least 32 octets; made at the first start if there is none");
  chat.access_token_ttl = settings.duration("jwt.access-token-ttl", chat.access_token_ttl,
                                            "how long an access token is good");
  chat.refresh_token_ttl = settings.duration("jwt.refresh-token-ttl", chat.refresh_token_ttl,
                                             "how long a refresh token is good");
  chat.password_cost = static_cast<unsigned>(
      settings.number("password.cost", chat.password_cost, 10, 20, "scrypt log₂ N"));
  chat.messages_per_second =
      settings.number("chat.rate.messages-per-second", chat.messages_per_second, 0, 1'000'000,
                      "of one member; 0: no limit");
  chat.burst =
      settings.number("chat.rate.burst", chat.burst, 1, 1'000'000, "of messages of one member");
  chat.replay_max = settings.number("chat.replay.max", chat.replay_max, 0, 1'000'000,
                                    "messages sent to who resumes a room; more are told as a gap");
  chat.auth_expiry = expiry_policy(settings.choice("auth.expiry", {"close", "report", "ignore"},
                                                   "what happens to sessions of expired tokens"));
  chat.auth_grace = settings.duration("auth.grace", chat.auth_grace,
                                      "how long an expired session stays open for a new token");
  chat.login_throttle = settings.flag("login.throttle.enabled", chat.login_throttle,
                                      "5 failed logins a minute for an id, 20 for an address");
  chat.demo = settings.flag("chat.demo", chat.demo, "/pub/chat.message.exception fails on purpose");
  return chat;
}

ondol::security::JwtKey load_key(const ChatSettings& settings) {
  using ondol::security::JwtKey;
  if (const auto& text = settings.secret_key) {
    try {
      return JwtKey::from_base64(*text);
    } catch (const std::invalid_argument& e) {
      throw std::runtime_error{std::string{"jwt.secret-key: "} + e.what()};
    }
  }
  std::filesystem::create_directories(settings.data_directory);
  const auto file = settings.data_directory / "jwt.key";
  if (std::ifstream in{file}) {
    std::string text;
    std::getline(in, text);
    try {
      return JwtKey::from_base64(ondol::trim(text));
    } catch (const std::invalid_argument& e) {
      throw std::runtime_error{file.string() + ": " + e.what()};
    }
  }
  const auto octets = ondol::random_hex(32);
  const auto text = ondol::base64_encode(octets) + '\n';
  const int fd = ::open(file.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
  if (fd < 0 || ::write(fd, text.data(), text.size()) != static_cast<ssize_t>(text.size()) ||
      ::fsync(fd) != 0) {
    const std::string why = std::strerror(errno);
    if (fd >= 0) ::close(fd);
    throw std::runtime_error{"cannot write " + file.string() + ": " + why};
  }
  ::close(fd);
  return JwtKey::from_octets(octets);
}

}  // namespace chat
