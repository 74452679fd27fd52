#pragma once

#include <functional>
#include <memory>

#include <ondol/http/endpoint.hpp>
#include <ondol/websocket/handshake.hpp>
#include <ondol/websocket/limits.hpp>
#include <ondol/websocket/session.hpp>

namespace ondol::websocket {

using HandlerFactory = std::function<std::unique_ptr<Handler>()>;

struct EndpointOptions {
  HandshakeOptions handshake;
  Limits limits;
};

// Answers an upgrade request: 101 and a session with a handler of its own, or the refusal of HS-1
// to HS-6. `options` must outlive all sessions.
http::Outcome upgrade(const http::Request& request, const EndpointOptions& options,
                      const HandlerFactory& make_handler);

}  // namespace ondol::websocket
