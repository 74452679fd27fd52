#pragma once

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include <ondol/config/settings.hpp>
#include <ondol/gateway/stomp_settings.hpp>
#include <ondol/http/limits.hpp>
#include <ondol/messaging/channel.hpp>
#include <ondol/messaging/dispatcher.hpp>
#include <ondol/messaging/error_messages.hpp>
#include <ondol/messaging/messenger.hpp>
#include <ondol/runtime/runtime.hpp>
#include <ondol/web/web.hpp>
#include <ondol/websocket/endpoint.hpp>

namespace ondol {

// What an application says in code; the settings of the same names win over it.
struct ApplicationOptions {
  http::Limits http;
  std::string stomp_path;  // empty: no messaging
  websocket::Limits websocket;
  websocket::Origins origins;
  bool compression = true;  // permessage-deflate, if a client offers it
  std::vector<std::string> broker_prefixes{"/sub", "/queue", "/topic"};
  gateway::StompSettings stomp;
  messaging::Dispatcher::Options dispatcher;
  messaging::ErrorMessages::Options errors;
};

// A server: settings → wired parts → run → drain. Made first in main(): it blocks the stop signals
// for all threads. For `--help` and `config …` (boot/command_line.hpp) making it prints and ends
// the process.
class Application {
 public:
  // Options that follow from settings. Called once, perhaps only for `config …`, which is to know
  // the application's own settings, too: reads them, and has no other effect.
  using OptionsOf = std::function<ApplicationOptions(const config::Settings&)>;

  Application(int argc, const char* const* argv, ApplicationOptions options = {});
  Application(int argc, const char* const* argv, const OptionsOf& options);
  ~Application();
  Application(const Application&) = delete;
  Application& operator=(const Application&) = delete;

  const config::Settings& settings() const;
  Runtime& runtime();
  web::Web& web();

  // The three channels, the handlers, the error queue; and the way to send from anywhere.
  messaging::InboundChannel& inbound();
  messaging::Channel& outbound();
  messaging::Channel& broker_channel();
  messaging::Dispatcher& dispatcher();
  messaging::ErrorMessages& errors();
  messaging::Messenger& messenger();

  // Called once the last client is gone and before the loops end.
  void on_stop(std::function<void()> work);

  // Serves until SIGINT or SIGTERM, then drains (CH-52); a second signal ends the process at once.
  // Prints `ready http://127.0.0.1:8080 pid 4711` when connections are accepted (CH-61). The result
  // is main()'s.
  int run();

 private:
  struct Parts;
  std::unique_ptr<Parts> parts_;
};

// Runs `body`, and turns what it throws into one line on standard error and the result 1.
int run_main(const std::function<int()>& body);

}  // namespace ondol
