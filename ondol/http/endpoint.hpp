#pragma once

#include <functional>
#include <string>
#include <variant>

#include <ondol/http/request.hpp>
#include <ondol/http/response.hpp>
#include <ondol/runtime/socket.hpp>
#include <ondol/runtime/task.hpp>

namespace ondol::http {

// The connection becomes something else: `head` (101, or whatever it is) is sent as it stands, and
// when the last octet of it has been written the socket changes hands, on the loop it lives on,
// with what the client has sent already. When the client vanishes before that, `take_over` is
// destroyed without having been called. HTTP never hears of what the connection becomes.
struct Upgrade {
  Response head;
  std::function<void(Socket socket, std::string already_read)> take_over;
};

using Outcome = std::variant<Response, Upgrade>;

// What a server calls for each request, on the loop of the connection, so on several threads at
// once for different connections. The request lives until the task has ended, also when the client
// has gone before. What it throws is logged and answered with 500.
using Endpoint = std::function<Task<Outcome>(Request&)>;

}  // namespace ondol::http
