#include <ondol/http/connection.hpp>

#include <sys/socket.h>
#include <sys/uio.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <optional>
#include <utility>
#include <vector>

#include <ondol/http/detail/response_head.hpp>
#include <ondol/http/status_page.hpp>
#include <ondol/log/logger.hpp>

namespace ondol::http {
namespace {

constexpr log::Logger kLog{"ondol.http"};

constexpr std::size_t kReadBuffer = 65'536;

bool would_block(int error) {
  return error == EAGAIN || error == EWOULDBLOCK || error == EINTR;
}

// One for all connections of a loop: between two turns nothing is kept in it.
std::array<char, kReadBuffer>& read_buffer() {
  thread_local std::array<char, kReadBuffer> buffer;
  return buffer;
}

// A connection that meets an exception ends; the loop and the others on it do not.
template <class Work>
bool survives(Work&& work) {
  try {
    work();
    return true;
  } catch (const std::exception& e) {
    kLog.error("a connection is closed: {}", e.what());
    return false;
  }
}

}  // namespace

void Connection::open(std::shared_ptr<ConnectionRegistry> registry, int fd, Admission::Place place,
                      std::string remote_address) {
  Loop& loop = Loop::current();
  Socket socket{loop, fd};
  socket.take_place(*place.release());
  auto connection = std::make_shared<Connection>(std::move(registry), std::move(socket),
                                                 std::move(remote_address));
  auto& shared = *connection->registry_;
  shared.of_loop(loop.index()).emplace(connection.get(), connection);
  if (shared.draining()) return connection->close();
  connection->socket_.set_events(*connection);
  loop.arm(connection->timer_, shared.limits().head_timeout);
  connection->socket_.await_readable();
}

Connection::Connection(std::shared_ptr<ConnectionRegistry> registry, Socket socket,
                       std::string remote_address)
    : registry_{std::move(registry)},
      loop_{Loop::current()},
      socket_{std::move(socket)},
      remote_address_{std::move(remote_address)},
      parser_{registry_->limits()},
      timer_{[](void* self) { static_cast<Connection*>(self)->timer_expired(); }, this} {}

// Only now, so that who waits for the last connection waits for its task too.
Connection::~Connection() {
  registry_->release();
}

void Connection::drain_here(ConnectionRegistry& registry) {
  std::vector<std::shared_ptr<Connection>> all;
  for (const auto& [key, connection] : registry.of_loop(Loop::current().index())) {
    all.push_back(connection);
  }
  for (const auto& connection : all) {
    connection->close_after_ = true;
    if (connection->stage_ == Stage::idle && connection->input_.empty()) connection->close();
  }
}

void Connection::close_all_here(ConnectionRegistry& registry) {
  std::vector<std::shared_ptr<Connection>> all;
  for (const auto& [key, connection] : registry.of_loop(Loop::current().index())) {
    all.push_back(connection);
  }
  for (const auto& connection : all) connection->close();
}

void Connection::readable() {
  const auto keep = shared_from_this();
  if (!survives([this] { stage_ == Stage::lingering ? discard() : receive(); })) close();
}

void Connection::receive() {
  if (!reading()) return;
  auto& buffer = read_buffer();
  const auto n = socket_.read(buffer.data(), buffer.size());
  if (n > 0) return take({buffer.data(), static_cast<std::size_t>(n)});
  if (n < 0 && would_block(errno)) return socket_.await_readable();
  // Half a request is nobody's, and behind whole ones there is nothing left to answer.
  close();
}

// Uses what came, then keeps the rest of it: `octets` are those of the read buffer, or `input_`
// itself.
void Connection::take(std::string_view octets) {
  const bool from_input = octets.data() == input_.data();
  auto rest = octets;
  auto state = parser_.feed(rest);
  while (state == Parser::State::head_complete) {
    if (rest.empty() && !tell_to_continue()) return close();
    state = parser_.feed(rest);
  }
  if (from_input) {
    input_.erase(0, octets.size() - rest.size());
    if (input_.empty()) input_ = {};
  } else {
    input_.assign(rest);
  }
  switch (state) {
    case Parser::State::refused:
      return refuse(parser_.refusal());
    case Parser::State::complete:
      return dispatch();
    case Parser::State::head_complete:
    case Parser::State::need_more:
      return wait_for_more();
  }
}

void Connection::wait_for_more() {
  const auto& limits = registry_->limits();
  if (parser_.in_body()) {
    if (stage_ != Stage::body) deadline_ = loop_.now() + limits.body_timeout;
    stage_ = Stage::body;
    arm_until_deadline(limits.body_idle_timeout);
  } else if (parser_.started() && stage_ != Stage::head) {
    stage_ = Stage::head;
    loop_.arm(timer_, limits.head_timeout);
  }
  socket_.await_readable();
}

// RFC 9110 §10.1.1: only to who waits, and only while nothing of the body is here. A full socket
// means that the client will have to go on without it, which it must be able to.
bool Connection::tell_to_continue() {
  const Request& request = parser_.request();
  if (request.version_minor == 0 || !request.headers.has("Expect")) return true;
  constexpr std::string_view kContinue = "HTTP/1.1 100 Continue\r\n\r\n";
  const auto n = ::send(socket_.fd(), kContinue.data(), kContinue.size(), MSG_NOSIGNAL);
  return n < 0 ? would_block(errno) : static_cast<std::size_t>(n) == kContinue.size();
}

void Connection::dispatch() {
  stage_ = Stage::handling;
  timer_.cancel();
  Request& request = parser_.request();
  request.remote_address = remote_address_;
  if (!parser_.keep_alive()) close_after_ = true;
  const auto keep = shared_from_this();
  std::optional<Task<Outcome>> task;
  try {
    task.emplace(registry_->endpoint()(request));
  } catch (...) {
    return failed(std::current_exception());
  }
  start(
      std::move(*task), [keep](Outcome outcome) { keep->answered(std::move(outcome)); },
      [keep](const std::exception_ptr& failure) { keep->failed(failure); });
}

void Connection::failed(const std::exception_ptr& failure) {
  const Request& request = parser_.request();
  try {
    std::rethrow_exception(failure);
  } catch (const std::exception& e) {
    kLog.error("{} {} ended with an exception: {}", request.method_name, request.path, e.what());
  } catch (...) {
    kLog.error("{} {} ended with an exception of unknown type", request.method_name, request.path);
  }
  // Behind half a response there is no other one (WB-17).
  if (stage_ == Stage::handling) {
    write(status_page(500));
  } else {
    close();
  }
}

void Connection::answered(Outcome outcome) {
  if (stage_ != Stage::handling) return;
  if (auto* upgrade = std::get_if<Upgrade>(&outcome)) {
    take_over_ = std::move(upgrade->take_over);
    return write(std::move(upgrade->head));
  }
  write(std::move(std::get<Response>(outcome)));
}

void Connection::refuse(int status) {
  const Request& request = parser_.request();
  kLog.debug("{} refused with {}: {} {}", remote_address_, status, request.method_name,
             request.target);
  close_after_ = true;
  auto response = status_page(status);
  if (status == 405) response.headers.add("Allow", "GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS");
  write(std::move(response));
}

void Connection::write(Response response) {
  const Request& request = parser_.request();
  if (registry_->draining() || response.headers.has_token("Connection", "close")) {
    close_after_ = true;
  }
  ResponseHeadOptions options;
  options.to_head_request = request.method == Method::head;
  options.version_minor = request.version_minor;
  if (take_over_) {
    options.after = AfterResponse::upgrade;
  } else if (close_after_) {
    options.after = AfterResponse::close;
  }
  stage_ = Stage::writing;
  head_ = response_head(response, options);
  body_ = sends_body(response, options) ? std::move(response.body) : std::string{};
  written_ = 0;
  loop_.arm(timer_, registry_->limits().write_timeout);
  flush();
}

void Connection::flush() {
  bool progress = false;
  while (written_ < head_.size() + body_.size()) {
    const auto head_done = std::min(written_, head_.size());
    const auto body_done = written_ - head_done;
    std::array<iovec, 2> parts{{{head_.data() + head_done, head_.size() - head_done},
                                {body_.data() + body_done, body_.size() - body_done}}};
    msghdr message{};
    message.msg_iov = parts.data();
    message.msg_iovlen = parts.size();
    const auto n = ::sendmsg(socket_.fd(), &message, MSG_NOSIGNAL);
    if (n < 0) {
      if (errno == EINTR) continue;
      if (!would_block(errno)) return close();
      if (progress) loop_.arm(timer_, registry_->limits().write_timeout);
      return socket_.await_writable();
    }
    written_ += static_cast<std::size_t>(n);
    progress = true;
  }
  written();
}

void Connection::writable() {
  const auto keep = shared_from_this();
  if (stage_ == Stage::writing && !survives([this] { flush(); })) close();
}

void Connection::written() {
  timer_.cancel();
  head_ = {};
  body_ = {};
  if (take_over_) return upgrade();
  if (close_after_) return linger();
  stage_ = Stage::idle;
  parser_.next();
  const auto& limits = registry_->limits();
  loop_.arm(timer_, input_.empty() ? limits.keep_alive_timeout : limits.head_timeout);
  if (input_.empty()) return socket_.await_readable();
  // The next request is here already. Not from here: a long pipeline must not deepen the stack, and
  // the task that was answered is still on it.
  loop_.post([keep = shared_from_this()] {
    if (!keep->reading()) return;
    if (!survives([&] { keep->take(keep->input_); })) keep->close();
  });
}

void Connection::upgrade() {
  stage_ = Stage::closed;
  const auto keep = shared_from_this();
  registry_->of_loop(loop_.index()).erase(this);
  // In a turn of its own: the task that was answered is still on the stack.
  loop_.post([keep, take_over = std::exchange(take_over_, nullptr)] {
    take_over(std::move(keep->socket_), std::move(keep->input_));
  });
}

// Ends the sending side and reads on for a while: a socket closed with unread input is reset, and
// the reset may reach the client before it has read the answer (RFC 9112 §9.6).
void Connection::linger() {
  stage_ = Stage::lingering;
  input_ = {};
  socket_.shutdown_send();
  deadline_ = loop_.now() + registry_->limits().discard_timeout;
  arm_until_deadline(registry_->limits().linger_timeout);
  socket_.await_readable();
}

void Connection::discard() {
  auto& buffer = read_buffer();
  const auto n = socket_.read(buffer.data(), buffer.size());
  if (n > 0) {
    discarded_ += static_cast<std::size_t>(n);
    if (discarded_ > registry_->limits().max_discarded) return close();
    arm_until_deadline(registry_->limits().linger_timeout);
  } else if (n == 0 || !would_block(errno)) {
    return close();
  }
  socket_.await_readable();
}

void Connection::arm_until_deadline(std::chrono::milliseconds idle) {
  const auto left = std::chrono::ceil<std::chrono::milliseconds>(deadline_ - loop_.now());
  loop_.arm(timer_, std::clamp(left, std::chrono::milliseconds{0}, idle));
}

void Connection::timer_expired() {
  const auto keep = shared_from_this();
  const bool owed = stage_ == Stage::head || stage_ == Stage::body;
  if (!owed || !survives([this] { refuse(408); })) close();
}

void Connection::close() {
  if (stage_ == Stage::closed) return;
  stage_ = Stage::closed;
  const auto keep = shared_from_this();
  timer_.cancel();
  socket_.close();
  take_over_ = nullptr;
  registry_->of_loop(loop_.index()).erase(this);
}

}  // namespace ondol::http
