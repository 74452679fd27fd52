#include <ondol/websocket/endpoint.hpp>

#include <utility>

#include <ondol/websocket/rfc6455_session.hpp>

namespace ondol::websocket {

http::Outcome upgrade(const http::Request& request, const EndpointOptions& options,
                      const HandlerFactory& make_handler) {
  auto response = handshake(request, options.handshake);
  if (response.status != 101) return response;
  return http::Upgrade{std::move(response),
                       [&options, make_handler](Socket socket, std::string already_read) {
                         Rfc6455Session::open(std::move(socket), std::move(already_read),
                                              make_handler(), options.limits);
                       }};
}

}  // namespace ondol::websocket
