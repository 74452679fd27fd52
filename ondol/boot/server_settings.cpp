#include <ondol/boot/server_settings.hpp>

#include <algorithm>
#include <functional>
#include <map>
#include <string>
#include <vector>

#include <ondol/stomp/heartbeat.hpp>

namespace ondol::boot {
namespace {

using config::Settings;

http::Limits read(const Settings& settings, http::Limits limits) {
  limits.max_target = settings.size("server.max-http-request-target-size", limits.max_target,
                                    "longest request target; 414 above it");
  limits.max_head = settings.size("server.max-http-request-header-size", limits.max_head,
                                  "request line and headers; 431 above it");
  limits.max_headers = static_cast<std::size_t>(settings.number(
      "server.max-http-request-headers", static_cast<std::int64_t>(limits.max_headers), 1, 10'000,
      "header lines of a request; 431 above it"));
  limits.max_body = settings.size("server.max-http-request-body-size", limits.max_body,
                                  "request body; 413 above it");
  limits.max_connections = static_cast<std::size_t>(
      settings.number("server.max-connections", static_cast<std::int64_t>(limits.max_connections),
                      1, 1'000'000, "WebSockets count, too; more are closed when they come"));
  limits.max_connections_of_one_address = static_cast<std::size_t>(
      settings.number("server.max-connections-per-address",
                      static_cast<std::int64_t>(limits.max_connections_of_one_address), 0,
                      1'000'000, "0: no limit; more are closed when they come"));
  limits.tcp_keep_alive =
      settings.duration("server.tcp-keep-alive", limits.tcp_keep_alive,
                        "silence after which TCP asks for the peer, in whole seconds; 0s: never");
  limits.head_timeout = settings.duration("server.head-timeout", limits.head_timeout,
                                          "from the first octet of a head to its last; 408");
  limits.body_timeout = settings.duration("server.body-timeout", limits.body_timeout,
                                          "for a whole request body; 408");
  limits.body_idle_timeout = settings.duration("server.body-idle-timeout", limits.body_idle_timeout,
                                               "without an octet of a request body; 408");
  limits.max_discarded =
      settings.size("server.max-swallow-size", limits.max_discarded,
                    "read and thrown away behind a refusal, so that it arrives; then closed");
  limits.linger_timeout = settings.duration("server.linger-timeout", limits.linger_timeout,
                                            "the same, without an octet");
  limits.discard_timeout =
      settings.duration("server.discard-timeout", limits.discard_timeout, "the same, altogether");
  limits.keep_alive_timeout =
      settings.duration("server.keep-alive-timeout", limits.keep_alive_timeout,
                        "between two requests of a connection; closed");
  limits.write_timeout =
      settings.duration("server.write-timeout", limits.write_timeout,
                        "a response of which the client takes nothing for so long; closed");
  return limits;
}

websocket::Overflow overflow(const Settings& settings, websocket::Overflow otherwise) {
  using enum websocket::Overflow;
  static const std::map<std::string, websocket::Overflow, std::less<>> kNames{
      {"terminate", terminate},
      {"drop-oldest", drop_oldest},
      {"drop", drop_oldest},
      {"drop-newest", drop_newest}};
  std::vector<std::string> names{"terminate", "drop-oldest", "drop-newest", "drop"};
  std::ranges::swap(names.front(), *std::ranges::find(names, otherwise,
                                                      [](const auto& n) { return kNames.at(n); }));
  return kNames.at(settings.choice("send.overflow", names,
                                   "what gives way when send.buffer-size-limit is exceeded"));
}

websocket::Limits read(const Settings& settings, websocket::Limits limits) {
  limits.max_message_size =
      settings.size("ws.max-message-size", limits.max_message_size,
                    "a WebSocket message, all fragments together; close 1009");
  limits.send_buffer_size = settings.size("send.buffer-size-limit", limits.send_buffer_size,
                                          "octets waiting for a slow reader; see LM-10");
  limits.overflow = overflow(settings, limits.overflow);
  limits.deflate_threshold = settings.size("ws.compression-threshold", limits.deflate_threshold,
                                           "smaller messages are sent uncompressed");
  limits.send_time = settings.duration("send.time-limit", limits.send_time,
                                       "octets waiting while nothing is taken; close 4500");
  limits.close_handshake = settings.duration("ws.close-timeout", limits.close_handshake,
                                             "our close unanswered; the socket is closed");
  limits.time_to_first_message =
      settings.duration("session.time-to-first-message", limits.time_to_first_message,
                        "a session that never says anything; close 4500");
  return limits;
}

gateway::StompSettings read(const Settings& settings, gateway::StompSettings stomp) {
  stomp.limits.message_size =
      settings.size("stomp.message-size-limit", stomp.limits.message_size,
                    "a STOMP frame that is not complete yet; ERROR and close 1002");
  stomp.limits.max_headers = static_cast<std::size_t>(
      settings.number("stomp.max-headers", static_cast<std::int64_t>(stomp.limits.max_headers), 1,
                      65'536, "headers of a STOMP frame; ERROR and close 1002"));
  stomp.limits.max_header_length =
      settings.size("stomp.max-header-length", stomp.limits.max_header_length,
                    "a line of a STOMP header; ERROR and close 1002");
  stomp.max_subscriptions = static_cast<std::size_t>(
      settings.number("stomp.max-subscriptions", static_cast<std::int64_t>(stomp.max_subscriptions),
                      1, 10'000'000, "of one session; ERROR and close 1002"));
  stomp.max_overlapping_sends = static_cast<std::size_t>(settings.number(
      "stomp.max-overlapping-sends", static_cast<std::int64_t>(stomp.max_overlapping_sends), 1,
      10'000, "SENDs of one session whose handlers may wait at the same time"));
  stomp.receipts = settings.flag("broker.receipts", stomp.receipts,
                                 "RECEIPT for SEND, SUBSCRIBE and the like once they took effect");
  stomp.disconnect_linger =
      settings.duration("disconnect.linger", stomp.disconnect_linger,
                        "how long a client may take to close after DISCONNECT's RECEIPT");
  const auto heartbeat = settings.text(
      "broker.heartbeat",
      std::to_string(stomp.heartbeat_outgoing.count()) + ',' +
          std::to_string(stomp.heartbeat_incoming.count()),
      "heart-beats offered, in milliseconds: what we send, what we want; 0,0 turns them off");
  const auto parsed = stomp::parse_heart_beat(heartbeat);
  if (!parsed) {
    throw config::SettingsError{"broker.heartbeat = '" + heartbeat +
                                "': expected two numbers such as 10000,10000"};
  }
  stomp.heartbeat_outgoing = parsed->outgoing;
  stomp.heartbeat_incoming = parsed->incoming;
  return stomp;
}

Runtime::Options runtime_options(const Settings& settings) {
  Runtime::Options options;
  options.loops = static_cast<std::size_t>(settings.number(
      "server.loops", 0, 0, 256, "threads that serve connections; 0: one for each core"));
  options.workers.threads = static_cast<std::size_t>(settings.number(
      "server.workers", 4, 1, 256, "threads for what blocks: databases, files, password hashes"));
  return options;
}

http::ServerOptions server_options(const Settings& settings, const http::Limits& limits) {
  http::ServerOptions options;
  options.address = settings.text("server.address", options.address, "where to listen");
  options.port = static_cast<std::uint16_t>(
      settings.number("server.port", options.port, 0, 65'535, "0 takes a free one"));
  options.limits = read(settings, limits);
  return options;
}

websocket::EndpointOptions endpoint_options(const Settings& settings,
                                            const ApplicationOptions& options) {
  websocket::EndpointOptions endpoint{{options.origins, {"v10.stomp", "v11.stomp", "v12.stomp"}},
                                      read(settings, options.websocket)};
  endpoint.handshake.deflate = settings.flag("ws.compression", options.compression,
                                             "agree to permessage-deflate if a client offers it");
  endpoint.handshake.origins.allowed =
      settings.list("server.allowed-origins", options.origins.allowed,
                    "pages of these origins may connect, besides our own");
  return endpoint;
}

}  // namespace

ServerSettings::ServerSettings(const Settings& settings, const ApplicationOptions& options)
    : runtime{runtime_options(settings)},
      server{server_options(settings, options.http)},
      endpoint{endpoint_options(settings, options)},
      stomp{read(settings, options.stomp)},
      user_prefix{settings.text("user.prefix", "/user/", "of destinations of one user (UD-1)")},
      shutdown_grace{settings.duration("server.shutdown-grace", std::chrono::seconds{20},
                                       "the longest drain after SIGTERM")},
      log_level{*log::parse_level(
          settings.choice("logging.level.root", {"info", "trace", "debug", "warn", "error", "off"},
                          "what is written to standard error"))} {}

}  // namespace ondol::boot
