#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>

#include <ondol/http/endpoint.hpp>
#include <ondol/http/limits.hpp>
#include <ondol/runtime/runtime.hpp>

namespace ondol::http {

class ConnectionRegistry;

struct ServerOptions {
  std::string address = "127.0.0.1";  // a name or a numeric address, without brackets
  std::uint16_t port = 8080;          // 0: a free one
  Limits limits;
};

// Listens on one address, and hands each connection to the next loop of the runtime. Several
// servers may share a runtime, which must be started before start() and outlive the server. All
// functions are called from outside the loops; connections() and drain() may be called from
// anywhere.
class Server {
 public:
  Server(Runtime& runtime, ServerOptions options, Endpoint endpoint);

  // Stops accepting and closes what is open. Tasks of the endpoint that still run go on, with their
  // request but without a client: who wants to let them finish drains first.
  ~Server();
  Server(const Server&) = delete;
  Server& operator=(const Server&) = delete;

  // Answers the port. Throws std::runtime_error "cannot listen on address:port: reason". Once.
  std::uint16_t start();

  // When it returns, the port is free.
  void stop_accepting();

  // Idle connections close at once, busy ones behind their response, which says so; new ones are
  // closed. `done` is called once when none is left and no task of the endpoint runs for one: on
  // the thread that saw it, which may be the calling one. It must not throw.
  void drain(std::function<void()> done = {});

  // Without waiting for any response. When it returns, all are closed.
  void close_all();

  // Those that speak HTTP: an upgraded one counts no more.
  std::size_t connections() const;

 private:
  class Listener;

  Runtime& runtime_;
  ServerOptions options_;
  std::shared_ptr<ConnectionRegistry> registry_;
  std::unique_ptr<Listener> listener_;  // touched on the first loop
  bool started_ = false;
};

}  // namespace ondol::http
