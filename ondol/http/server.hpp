#pragma once

#include <atomic>
#include <cstdint>
#include <memory>
#include <string>

#include <ondol/http/connection.hpp>
#include <ondol/runtime/runtime.hpp>

namespace ondol::http {

struct ServerOptions {
  std::string address = "127.0.0.1";
  std::uint16_t port = 8080;  // 0: a free one
  Limits limits;
};

// Listens, and hands each connection to the next loop. start(), stop_accepting() and drain() are called from outside
// the loops.
class Server {
 public:
  Server(Runtime& runtime, ServerOptions options, Endpoint endpoint);
  ~Server();
  Server(const Server&) = delete;
  Server& operator=(const Server&) = delete;

  // Answers the port. Throws std::runtime_error, naming address and reason, when it cannot listen.
  std::uint16_t start();
  void stop_accepting();

  // Idle connections close, busy ones behind their response. connections() tells when all are gone.
  void drain();
  void close_all();
  std::size_t connections();

 private:
  class Listener;
  Runtime& runtime_;
  ServerOptions options_;
  ConnectionContext context_;
  std::unique_ptr<Listener> listener_;
};

}  // namespace ondol::http
