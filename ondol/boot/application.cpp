#include <ondol/boot/application.hpp>

#include <sys/resource.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <thread>
#include <utility>

#include <ondol/boot/command_line.hpp>
#include <ondol/boot/server_settings.hpp>
#include <ondol/gateway/fanout.hpp>
#include <ondol/gateway/stomp_session.hpp>
#include <ondol/http/server.hpp>
#include <ondol/log/logger.hpp>
#include <ondol/messaging/broker/simple_broker.hpp>
#include <ondol/runtime/signals.hpp>
#include <ondol/websocket/rfc6455_session.hpp>

namespace ondol {
namespace {

constexpr log::Logger kLog{"ondol.boot"};

constexpr std::chrono::milliseconds kDrainStep{100};

}  // namespace

struct Application::Parts {
  Parts(int argc, const char* const* argv, const OptionsOf& options_of)
      : settings{boot::command_line(argc, argv,
                                    [&](const config::Settings& read) {
                                      options = options_of(read);
                                      const boot::ServerSettings known{read, options};
                                    })},
        own{settings, options},
        runtime{own.runtime},
        fanout{outbound},
        broker{runtime, {.prefixes = options.broker_prefixes}, fanout},
        user_destinations{own.user_prefix, user_registry, broker},
        errors{options.errors},
        dispatcher{options.dispatcher, errors},
        messenger{broker, user_destinations},
        context{own.stomp,  inbound, outbound,          broker_channel,
                dispatcher, broker,  user_destinations, user_registry} {
    dispatcher.connect(broker, user_destinations, broker_channel);
    if (!options.stomp_path.empty()) {
      web.upgrade(options.stomp_path, [this](http::Request& request) {
        return websocket::upgrade(request, own.endpoint, [this] {
          return std::make_unique<gateway::StompHandler>(context);
        });
      });
    }
  }

  void drain(http::Server& server);

  Signals signals;             // first: threads inherit the blocked signals
  ApplicationOptions options;  // before the settings: made while they are read
  config::Settings settings;
  boot::ServerSettings own;
  Runtime runtime;
  web::Web web;
  messaging::InboundChannel inbound;
  messaging::Channel outbound;
  messaging::Channel broker_channel;
  messaging::UserRegistry user_registry;
  gateway::Fanout fanout;
  messaging::SimpleBroker broker;
  messaging::UserDestinations user_destinations;
  messaging::ErrorMessages errors;
  messaging::Dispatcher dispatcher;
  messaging::Messenger messenger;
  gateway::StompContext context;
  std::vector<std::function<void()>> on_stop;
};

Application::Application(int argc, const char* const* argv, ApplicationOptions options)
    : Application{argc, argv, [&](const config::Settings&) { return std::move(options); }} {}

Application::Application(int argc, const char* const* argv, const OptionsOf& options)
    : parts_{std::make_unique<Parts>(argc, argv, options)} {
  log::set_level("root", parts_->own.log_level);
}

Application::~Application() = default;

const config::Settings& Application::settings() const {
  return parts_->settings;
}
Runtime& Application::runtime() {
  return parts_->runtime;
}
web::Web& Application::web() {
  return parts_->web;
}
messaging::InboundChannel& Application::inbound() {
  return parts_->inbound;
}
messaging::Channel& Application::outbound() {
  return parts_->outbound;
}
messaging::Channel& Application::broker_channel() {
  return parts_->broker_channel;
}
messaging::Dispatcher& Application::dispatcher() {
  return parts_->dispatcher;
}
messaging::ErrorMessages& Application::errors() {
  return parts_->errors;
}
messaging::Messenger& Application::messenger() {
  return parts_->messenger;
}
void Application::on_stop(std::function<void()> work) {
  parts_->on_stop.push_back(std::move(work));
}

// CH-52: requests are finished, sessions closed with 1001, spread over the grace.
void Application::Parts::drain(http::Server& server) {
  server.stop_accepting();
  server.drain();
  const auto count_here = [&] {
    std::vector<std::size_t> counts;
    for (std::size_t i = 0; i < runtime.size(); ++i) {
      runtime.run_on(runtime.loop(i),
                     [&] { counts.push_back(websocket::Rfc6455Session::count_here()); });
    }
    return counts;
  };
  const auto end = std::chrono::steady_clock::now() + own.shutdown_grace;
  // Half of the grace for the closing, the rest for answers that come late.
  const auto steps =
      static_cast<std::size_t>(std::max<std::int64_t>(1, own.shutdown_grace / 2 / kDrainStep));
  const auto at_start = count_here();
  while (std::chrono::steady_clock::now() < end) {
    for (std::size_t i = 0; i < runtime.size(); ++i) {
      runtime.run_on(runtime.loop(i), [&] {
        websocket::Rfc6455Session::close_some_here(at_start[i] / steps + 1,
                                                   {websocket::kGoingAway, ""});
      });
    }
    const auto left = count_here();
    if (server.connections() == 0 &&
        std::ranges::all_of(left, [](std::size_t n) { return n == 0; }))
      return;
    std::this_thread::sleep_for(kDrainStep);
  }
  server.close_all();
}

namespace {

// Every connection is a descriptor: the process takes what it may have.
void allow_many_descriptors() {
  rlimit limit{};
  if (::getrlimit(RLIMIT_NOFILE, &limit) != 0) return;
  limit.rlim_cur = limit.rlim_max;
  ::setrlimit(RLIMIT_NOFILE, &limit);
}

}  // namespace

int Application::run() {
  auto& parts = *parts_;
  allow_many_descriptors();
  for (const auto& key : parts.settings.unknown_keys()) kLog.warn("unknown setting {}", key);
  http::Server server{parts.runtime, parts.own.server, parts.web.endpoint()};
  parts.runtime.start();
  std::uint16_t port = 0;
  try {
    port = server.start();
  } catch (...) {
    for (auto& work : parts.on_stop) work();
    parts.runtime.stop();
    throw;
  }
  std::printf("ready http://%s:%u pid %d\n", parts.own.server.address.c_str(),
              static_cast<unsigned>(port), static_cast<int>(::getpid()));
  std::fflush(stdout);

  const int signal = parts.signals.wait();
  kLog.info("signal {}: draining for at most {} ms", signal, parts.own.shutdown_grace.count());
  std::thread{[&signals = parts.signals] {
    signals.wait();
    std::_Exit(1);
  }}.detach();
  parts.drain(server);
  for (auto& work : parts.on_stop) work();
  parts.runtime.stop();
  std::fflush(stdout);
  // The thread above still waits for a second signal, and loops may hold what clients left: nothing
  // to wait for.
  std::_Exit(0);
}

int run_main(const std::function<int()>& body) {
  try {
    return body();
  } catch (const std::exception& e) {
    std::fprintf(stderr, "%s\n", e.what());
    return 1;
  }
}

}  // namespace ondol
