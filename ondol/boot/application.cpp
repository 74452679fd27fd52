#include <ondol/boot/application.hpp>

#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <thread>
#include <utility>

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

using config::Settings;

http::Limits read(const Settings& settings, http::Limits limits) {
  limits.max_target = settings.size("server.max-http-request-target-size", limits.max_target);
  limits.max_head = settings.size("server.max-http-request-header-size", limits.max_head);
  limits.max_body = settings.size("server.max-http-request-body-size", limits.max_body);
  limits.max_connections = static_cast<std::size_t>(settings.number(
      "server.max-connections", static_cast<std::int64_t>(limits.max_connections), 1, 1'000'000));
  limits.head_timeout = settings.duration("server.head-timeout", limits.head_timeout);
  limits.body_timeout = settings.duration("server.body-timeout", limits.body_timeout);
  limits.keep_alive_timeout =
      settings.duration("server.keep-alive-timeout", limits.keep_alive_timeout);
  limits.write_timeout = settings.duration("server.write-timeout", limits.write_timeout);
  return limits;
}

websocket::Limits read(const Settings& settings, websocket::Limits limits) {
  limits.max_message_size = settings.size("ws.max-message-size", limits.max_message_size);
  limits.send_buffer_size = settings.size("send.buffer-size-limit", limits.send_buffer_size);
  limits.send_time = settings.duration("send.time-limit", limits.send_time);
  limits.time_to_first_message =
      settings.duration("session.time-to-first-message", limits.time_to_first_message);
  return limits;
}

gateway::StompSettings read(const Settings& settings, gateway::StompSettings stomp) {
  stomp.limits.message_size = settings.size("stomp.message-size-limit", stomp.limits.message_size);
  stomp.limits.max_headers = settings.size("stomp.max-headers", stomp.limits.max_headers);
  stomp.limits.max_header_length =
      settings.size("stomp.max-header-length", stomp.limits.max_header_length);
  stomp.receipts = settings.flag("broker.receipts", stomp.receipts);
  stomp.disconnect_linger = settings.duration("disconnect.linger", stomp.disconnect_linger);
  if (const auto heartbeat = settings.list("broker.heartbeat", {}); heartbeat.size() == 2) {
    stomp.heartbeat_outgoing = std::chrono::milliseconds{std::atol(heartbeat[0].c_str())};
    stomp.heartbeat_incoming = std::chrono::milliseconds{std::atol(heartbeat[1].c_str())};
  }
  return stomp;
}

http::ServerOptions server_options(const Settings& settings, const http::Limits& limits) {
  http::ServerOptions options;
  options.address = settings.text("server.address", options.address);
  options.port =
      static_cast<std::uint16_t>(settings.number("server.port", options.port, 0, 65'535));
  options.limits = limits;
  return options;
}

Runtime::Options runtime_options(const Settings& settings) {
  Runtime::Options options;
  options.loops = static_cast<std::size_t>(settings.number("server.loops", 0, 0, 256));
  options.workers.threads = static_cast<std::size_t>(settings.number("server.workers", 4, 1, 256));
  return options;
}

}  // namespace

struct Application::Parts {
  Parts(int argc, const char* const* argv, ApplicationOptions o)
      : settings{Settings::load(argc, argv)},
        options{std::move(o)},
        runtime{runtime_options(settings)},
        fanout{outbound},
        broker{runtime, {.prefixes = options.broker_prefixes}, fanout},
        user_destinations{settings.text("user.prefix", "/user/"), user_registry, broker},
        errors{options.errors},
        dispatcher{options.dispatcher, errors},
        messenger{broker, user_destinations},
        context{read(settings, options.stomp),
                inbound,
                outbound,
                broker_channel,
                dispatcher,
                broker,
                user_destinations,
                user_registry},
        endpoint{{options.origins, {"v10.stomp", "v11.stomp", "v12.stomp"}},
                 read(settings, options.websocket)},
        server_options_{server_options(settings, read(settings, options.http))},
        grace{settings.duration("server.shutdown-grace", std::chrono::seconds{20})} {
    endpoint.handshake.origins.allowed =
        settings.list("server.allowed-origins", options.origins.allowed);
    dispatcher.connect(broker, user_destinations, broker_channel);
    if (!options.stomp_path.empty()) {
      web.upgrade(options.stomp_path, [this](http::Request& request) {
        return websocket::upgrade(
            request, endpoint, [this] { return std::make_unique<gateway::StompHandler>(context); });
      });
    }
  }

  void drain(http::Server& server);

  Signals signals;  // first: threads inherit the blocked signals
  Settings settings;
  ApplicationOptions options;
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
  websocket::EndpointOptions endpoint;
  http::ServerOptions server_options_;
  std::chrono::milliseconds grace;
  std::vector<std::function<void()>> on_stop;
};

Application::Application(int argc, const char* const* argv, ApplicationOptions options)
    : parts_{std::make_unique<Parts>(argc, argv, std::move(options))} {
  if (const auto level = log::parse_level(settings().text("logging.level.root", "info"))) {
    log::set_level("root", *level);
  }
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
  const auto end = std::chrono::steady_clock::now() + grace;
  // Half of the grace for the closing, the rest for answers that come late.
  const auto steps = static_cast<std::size_t>(std::max<std::int64_t>(1, grace / 2 / kDrainStep));
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

int Application::run() {
  auto& parts = *parts_;
  for (const auto& key : parts.settings.unknown_keys()) kLog.warn("unknown setting {}", key);
  http::Server server{parts.runtime, parts.server_options_, parts.web.endpoint()};
  parts.runtime.start();
  std::uint16_t port = 0;
  try {
    port = server.start();
  } catch (...) {
    for (auto& work : parts.on_stop) work();
    parts.runtime.stop();
    throw;
  }
  std::printf("ready http://%s:%u pid %d\n", parts.server_options_.address.c_str(),
              static_cast<unsigned>(port), static_cast<int>(::getpid()));
  std::fflush(stdout);

  const int signal = parts.signals.wait();
  kLog.info("signal {}: draining for at most {} ms", signal, parts.grace.count());
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
