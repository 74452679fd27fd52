#include <ondol/websocket/endpoint.hpp>

#include <utility>

#include <ondol/websocket/rfc6455_session.hpp>

namespace ondol::websocket {

http::Outcome upgrade(const http::Request& request, const EndpointOptions& options,
                      const HandlerFactory& make_handler) {
  auto agreed = handshake(request, options.handshake);
  if (agreed.response.status != 101) return std::move(agreed.response);
  return http::Upgrade{std::move(agreed.response),
                       [&options, make_handler, deflate = std::move(agreed.deflate)](
                           Socket socket, std::string already_read) {
                         Rfc6455Session::open(std::move(socket), std::move(already_read),
                                              make_handler(), options.limits, deflate);
                       }};
}

}  // namespace ondol::websocket
