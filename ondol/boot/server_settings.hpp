#pragma once

#include <chrono>
#include <string>

#include <ondol/boot/application.hpp>
#include <ondol/http/server.hpp>
#include <ondol/log/logger.hpp>

namespace ondol::boot {

// What a server reads before its parts are made: the settings where they say something, else what
// the application says in code. Reading has no effect besides making the names known.
struct ServerSettings {
  ServerSettings(const config::Settings& settings, const ApplicationOptions& options);

  Runtime::Options runtime;
  http::ServerOptions server;
  websocket::EndpointOptions endpoint;
  gateway::StompSettings stomp;
  std::string user_prefix;
  std::chrono::milliseconds shutdown_grace;
  log::Level log_level;
};

}  // namespace ondol::boot
