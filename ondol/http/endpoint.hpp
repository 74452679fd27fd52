#pragma once

#include <functional>
#include <string>
#include <variant>

#include <ondol/http/request.hpp>
#include <ondol/http/response.hpp>
#include <ondol/runtime/socket.hpp>
#include <ondol/runtime/task.hpp>

namespace ondol::http {

// The connection becomes something else: `head` is sent, then the socket changes hands, with what the client has sent
// already. HTTP never hears of what it becomes.
struct Upgrade {
  Response head;
  std::function<void(Socket socket, std::string already_read)> take_over;
};

using Outcome = std::variant<Response, Upgrade>;

// What a server calls for each request, on the loop of the connection; the request lives until the task has ended.
using Endpoint = std::function<Task<Outcome>(Request&)>;

}  // namespace ondol::http
