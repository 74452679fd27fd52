// ondol-load: a load generator for STOMP over WebSocket, raw WebSocket and HTTP. See docs/load.md.

#include <sys/resource.h>

#include <cstdio>
#include <exception>
#include <map>
#include <stdexcept>
#include <string>

#include <fmt/format.h>
#include <CLI/CLI.hpp>

#include <apps/load/run.hpp>

namespace {

using load::Options;

void split_url(const std::string& url, load::Target& target) {
  auto rest = url;
  for (const std::string scheme : {"ws://", "http://"}) {
    if (rest.rfind(scheme, 0) == 0) rest.erase(0, scheme.size());
  }
  if (rest.find("://") != std::string::npos) {
    throw CLI::ValidationError{"--url", "only ws:// and http:// are spoken"};
  }
  const auto slash = rest.find('/');
  if (slash != std::string::npos) target.path = rest.substr(slash);
  const auto authority = rest.substr(0, slash);
  const auto colon = authority.rfind(':');
  target.host = authority.substr(0, colon);
  if (target.host == "localhost") target.host = "127.0.0.1";
  target.port = 80;
  if (colon != std::string::npos) {
    target.port = static_cast<std::uint16_t>(std::stoul(authority.substr(colon + 1)));
  }
}

std::pair<std::string, std::string> split_header(const std::string& text) {
  const auto colon = text.find(':');
  if (colon == std::string::npos || colon == 0) {
    throw CLI::ValidationError{"header", "'" + text + "' is not name:value"};
  }
  auto value = text.substr(colon + 1);
  value.erase(0, value.find_first_not_of(' '));
  return {text.substr(0, colon), value};
}

struct Texts {
  std::string url;
  std::vector<std::string> http_headers;
  std::vector<std::string> headers;
  std::string token;
  std::string login;
  std::string passcode;
};

void add_common(CLI::App& app, Options& o, Texts& t) {
  auto& target = o.target;
  app.add_option("--url", t.url, "ws://host:port/path of the endpoint")->required();
  app.add_option("--virtual-host", target.virtual_host, "host header of CONNECT, if not the host");
  app.add_option("--server-pid", o.server_pid, "its memory and core time are reported");
  app.add_flag("--server-children", o.server_children, "those of its children, too");
  app.add_option("--warm-up", o.warm_up, "seconds before the window")->capture_default_str();
  app.add_option("--duration", o.duration, "seconds of the window")->capture_default_str();
  app.add_option("--drain", o.drain, "seconds that may pass until all has arrived")
      ->capture_default_str();
  app.add_option("--settle", o.settle, "seconds between set-up and load")->capture_default_str();
  app.add_option("--timeout", o.timeout, "seconds to set up all connections")
      ->capture_default_str();
  app.add_option("--concurrency", o.concurrency, "connections being set up at once")
      ->capture_default_str();
  app.add_option("--sources", o.sources, "loopback addresses to connect from: 127.0.0.2 and on")
      ->check(CLI::Range(1, 200));
  app.add_option("--seed", o.seed, "of what is random")->capture_default_str();
  app.add_option("--label", o.label, "is carried into the report");
  app.add_option("--origin", target.origin, "Origin of the upgrade");
  app.add_option("--http-header", t.http_headers, "name:value of the upgrade or request");
  app.add_flag("--json", o.json, "the report as one JSON object");
  app.add_flag("--quiet", o.quiet, "no progress on standard error");
}

void add_stomp(CLI::App& app, Options& o, Texts& t) {
  auto& target = o.target;
  app.add_option("--sub-protocol", target.sub_protocol)->capture_default_str();
  app.add_option("--subscribe-to", target.subscribe_to, "destination; {ch} is the channel")
      ->capture_default_str();
  app.add_option("--send-to", target.send_to)->capture_default_str();
  app.add_flag("--receipts", target.receipts, "wait for a RECEIPT to each SUBSCRIBE");
  app.add_option("--heart-beat", target.heart_beat, "header of CONNECT")->capture_default_str();
  app.add_option("--header", t.headers, "name:value of CONNECT");
  app.add_option("--token", t.token, "header Authorization of CONNECT");
  app.add_option("--login", t.login);
  app.add_option("--passcode", t.passcode);
  app.add_flag("--raw", target.raw, "WebSocket messages without STOMP");
  app.add_option("--raw-subscribe", target.raw_subscribe, "message that subscribes, with {ch}");
  app.add_option("--raw-publish", target.raw_publish, "message with {ch} and {payload}");
  app.add_option("--size", o.size, "octets of a message's body, at least 40")
      ->capture_default_str();
}

void add_pace(CLI::App& app, Options& o, const char* where) {
  app.add_option("--window", o.window, std::string{"messages in flight "} + where)
      ->capture_default_str()
      ->check(CLI::Range(1, 1000));
  app.add_option("--rate", o.rate, "messages a second in all, on a fixed schedule, instead");
}

void allow_many_files() {
  rlimit limit{};
  ::getrlimit(RLIMIT_NOFILE, &limit);
  limit.rlim_cur = limit.rlim_max;
  ::setrlimit(RLIMIT_NOFILE, &limit);
}

int run(int argc, char** argv) {
  Options o;
  Texts t;
  CLI::App app{"Load for STOMP over WebSocket, raw WebSocket and HTTP servers of your own."};
  app.require_subcommand(1);
  const std::map<std::string, void (*)(load::Run&)> workloads{
      {"fanout", load::run_fanout}, {"rooms", load::run_rooms},     {"idle", load::run_idle},
      {"storm", load::run_storm},   {"durable", load::run_durable}, {"http", load::run_http}};

  auto* fanout = app.add_subcommand("fanout", "every message to all subscribers of one channel");
  fanout->add_option("--subscribers", o.subscribers)->capture_default_str();
  fanout->add_option("--publishers", o.publishers)
      ->capture_default_str()
      ->check(CLI::Range(1, 1000));
  fanout->add_option("--stalled", o.stalled, "subscribers besides, who never read");
  fanout->add_flag("--distinct-ids", o.distinct_ids, "a subscription id for each subscriber");
  add_pace(*fanout, o, "in all");

  auto* rooms = app.add_subcommand("rooms", "channels with a few members who talk in turn");
  rooms->add_option("--rooms", o.rooms)->capture_default_str();
  rooms->add_option("--members", o.members)->capture_default_str();
  rooms->add_flag("--distinct-ids", o.distinct_ids, "a subscription id for each member");
  add_pace(*rooms, o, "in each room");

  auto* idle = app.add_subcommand("idle", "sessions that say nothing: their memory");
  idle->add_option("--connections", o.connections)->capture_default_str();
  idle->add_flag("--heart-beats", o.heart_beats, "10000,10000, and kept up");
  idle->add_option("--hold", o.hold, "seconds to hold them")->capture_default_str();

  auto* storm = app.add_subcommand("storm", "connect, log in, close, again");
  storm->add_option("--until", o.storm_until)
      ->check(CLI::IsMember({"upgrade", "connected"}))
      ->capture_default_str();
  storm->add_flag("--reset", o.reset, "close with a reset instead of a FIN");

  auto* durable = app.add_subcommand("durable", "ondol-chat: receipts after the commit");
  durable->add_option("--senders", o.senders, "each into a room of two")->capture_default_str();
  durable->add_option("--window", o.window, "messages in flight of each sender")
      ->capture_default_str()
      ->check(CLI::Range(1, 1000));

  auto* http = app.add_subcommand("http", "requests on connections that are kept alive");
  http->add_option("--connections", o.connections)->capture_default_str();
  http->add_option("--method", o.method)->capture_default_str();
  http->add_option("--body", o.body_size, "octets of the request's body")->capture_default_str();
  add_pace(*http, o, "of each connection: a pipeline");

  for (auto* workload : {fanout, rooms, idle, storm, durable, http}) add_common(*workload, o, t);
  for (auto* workload : {fanout, rooms, idle, storm, durable}) add_stomp(*workload, o, t);

  void (*chosen)(load::Run&) = nullptr;
  try {
    app.parse(argc, argv);
    split_url(t.url, o.target);
    for (const auto& header : t.http_headers) o.target.http_headers.push_back(split_header(header));
    for (const auto& header : t.headers) o.target.connect_headers.push_back(split_header(header));
    if (!t.token.empty()) o.target.connect_headers.emplace_back("Authorization", t.token);
    if (!t.login.empty()) o.target.connect_headers.emplace_back("login", t.login);
    if (!t.passcode.empty()) o.target.connect_headers.emplace_back("passcode", t.passcode);
    for (const auto& [name, function] : workloads) {
      if (app.got_subcommand(name)) chosen = function;
    }
  } catch (const CLI::ParseError& e) {
    return app.exit(e) == 0 ? 0 : 2;
  }
  if (app.got_subcommand("storm") && storm->count("--sources") == 0 && !o.reset) o.sources = 16;
  if (app.got_subcommand("http") && http->count("--connections") == 0) o.connections = 64;
  if (o.heart_beats) o.target.heart_beat = "10000,10000";
  if (app.got_subcommand("durable")) {
    o.target.receipts = true;
    if (durable->count("--subscribe-to") == 0) o.target.subscribe_to = "/sub/chat/{ch}";
    if (durable->count("--send-to") == 0) o.target.send_to = "/pub/chat/{ch}";
    if (o.target.path == "/") o.target.path = "/websocket-endpoint";
  }

  allow_many_files();
  load::Run run{o};
  run.report().add("workload", app.get_subcommands().front()->get_name());
  if (!o.label.empty()) run.report().add("label", o.label);
  chosen(run);
  std::fputs((o.json ? run.report().json() : run.report().text()).c_str(), stdout);
  return run.report().faulty() ? 1 : 0;
}

}  // namespace

int main(int argc, char** argv) {
  try {
    return run(argc, argv);
  } catch (const std::exception& e) {
    fmt::print(stderr, "{}\n", e.what());
    return 2;
  }
}
