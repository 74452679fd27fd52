#include <ondol/http/connection.hpp>

#include <sys/socket.h>

#include <array>
#include <cerrno>
#include <unordered_map>
#include <utility>
#include <vector>

#include <ondol/base/dates.hpp>
#include <ondol/http/status.hpp>
#include <ondol/log/logger.hpp>

namespace ondol::http {
namespace {

constexpr log::Logger kLog{"ondol.http"};

constexpr std::size_t kReadBuffer = 65'536;
constexpr std::chrono::milliseconds kLinger{1'000};

std::unordered_map<Connection*, std::shared_ptr<Connection>>& connections_here() {
  thread_local std::unordered_map<Connection*, std::shared_ptr<Connection>> connections;
  return connections;
}

const std::string& date_here() {
  thread_local std::string text;
  thread_local std::chrono::sys_seconds second;
  const auto now = now_instant();
  if (const auto current = std::chrono::floor<std::chrono::seconds>(now); text.empty() || current != second) {
    second = current;
    text = to_http_date(now);
  }
  return text;
}

bool has_no_body(int status) { return status < 200 || status == 204 || status == 304; }

// What a header carries must not begin another one.
void append_field(std::string& out, std::string_view name, std::string_view value) {
  out += name;
  out += ": ";
  for (const char c : value) out += c == '\r' || c == '\n' || c == '\0' ? ' ' : c;
  out += "\r\n";
}

}  // namespace

void Connection::open(const ConnectionContext& context, int fd, std::string remote_address) {
  auto connection =
      std::make_shared<Connection>(context, Socket{Loop::current(), fd}, std::move(remote_address));
  connections_here().emplace(connection.get(), connection);
  connection->socket_.set_events(*connection);
  connection->loop_.arm(connection->timer_, context.limits.head_timeout);
  connection->socket_.await_readable();
}

Connection::Connection(const ConnectionContext& context, Socket socket, std::string remote_address)
    : context_{context},
      loop_{Loop::current()},
      socket_{std::move(socket)},
      remote_address_{std::move(remote_address)},
      parser_{context.limits},
      timer_{[](void* self) { static_cast<Connection*>(self)->timer_expired(); }, this} {}

Connection::~Connection() = default;

std::size_t Connection::count_here() { return connections_here().size(); }

void Connection::drain_here() {
  std::vector<std::shared_ptr<Connection>> all;
  for (const auto& [key, connection] : connections_here()) all.push_back(connection);
  for (const auto& connection : all) {
    connection->close_after_ = true;
    if (connection->stage_ == Stage::reading && !connection->parser_.started()) connection->close();
  }
}

void Connection::close_all_here() {
  std::vector<std::shared_ptr<Connection>> all;
  for (const auto& [key, connection] : connections_here()) all.push_back(connection);
  for (const auto& connection : all) connection->close();
}

void Connection::readable() {
  const auto keep = shared_from_this();
  thread_local std::array<char, kReadBuffer> buffer;
  const auto n = ::recv(socket_.fd(), buffer.data(), buffer.size(), 0);
  if (n < 0) {
    if (errno == EAGAIN || errno == EWOULDBLOCK || errno == EINTR) return socket_.await_readable();
    return close();
  }
  if (stage_ == Stage::lingering) {
    if (n == 0) return close();
    return socket_.await_readable();
  }
  if (n == 0) {
    // The answer of a request that arrived whole is still sent; half a request is nobody's.
    peer_finished_ = true;
    if (stage_ == Stage::reading) close();
    return;
  }
  input_.append(buffer.data(), static_cast<std::size_t>(n));
  if (stage_ == Stage::reading) consume();
}

void Connection::consume() {
  while (stage_ == Stage::reading) {
    std::string_view rest = input_;
    const auto state = parser_.feed(rest);
    input_.erase(0, input_.size() - rest.size());
    switch (state) {
      case Parser::State::refused:
        return refuse(parser_.refusal());
      case Parser::State::complete:
        return dispatch();
      case Parser::State::head_complete:
        if (!body_timed_) {
          body_timed_ = true;
          loop_.arm(timer_, context_.limits.body_timeout);
        }
        if (parser_.request().headers.has("Expect") && parser_.request().version_minor == 1) {
          constexpr std::string_view kContinue = "HTTP/1.1 100 Continue\r\n\r\n";
          if (::send(socket_.fd(), kContinue.data(), kContinue.size(), MSG_NOSIGNAL) < 0) return close();
        }
        continue;
      case Parser::State::need_more:
        if (peer_finished_) return close();
        arm_for_reading();
        return socket_.await_readable();
    }
  }
}

// The head's time begins with its first octet; before that it is the keep-alive's.
void Connection::arm_for_reading() {
  if (!timer_.armed()) {
    loop_.arm(timer_, parser_.started() ? context_.limits.head_timeout : context_.limits.keep_alive_timeout);
  }
}

void Connection::dispatch() {
  stage_ = Stage::handling;
  timer_.cancel();
  Request& request = parser_.request();
  request.remote_address = remote_address_;
  if (!parser_.keep_alive()) close_after_ = true;
  auto keep = shared_from_this();
  start(
      context_.endpoint(request), [keep](Outcome outcome) { keep->answered(std::move(outcome)); },
      [keep](std::exception_ptr failure) {
        try {
          std::rethrow_exception(failure);
        } catch (const std::exception& e) {
          kLog.error("uncaught exception of an endpoint: {}", e.what());
        } catch (...) {
          kLog.error("uncaught exception of an endpoint");
        }
        if (keep->stage_ == Stage::handling) keep->answered(Response{500, {}, {}});
      });
}

void Connection::answered(Outcome outcome) {
  if (stage_ != Stage::handling) return;
  if (auto* upgrade = std::get_if<Upgrade>(&outcome)) {
    take_over_ = std::move(upgrade->take_over);
    write(upgrade->head);
    return;
  }
  write(std::get<Response>(outcome));
}

void Connection::refuse(int status) {
  close_after_ = true;
  stage_ = Stage::handling;
  parser_.request().method = Method::other;
  Response response{status, {}, {}};
  if (status == 405) response.headers.add("Allow", "GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS");
  write(response);
}

void Connection::write(const Response& response) {
  stage_ = Stage::writing;
  output_.clear();
  output_written_ = 0;
  output_ += "HTTP/1.1 ";
  output_ += std::to_string(response.status);
  output_ += ' ';
  output_ += reason_phrase(response.status);
  output_ += "\r\n";
  append_field(output_, "Date", date_here());
  for (const auto& [name, value] : response.headers) append_field(output_, name, value);
  if (!has_no_body(response.status)) append_field(output_, "Content-Length", std::to_string(response.body.size()));
  if (!take_over_) {
    if (close_after_) {
      append_field(output_, "Connection", "close");
    } else if (parser_.request().version_minor == 0) {
      append_field(output_, "Connection", "keep-alive");
    }
  }
  output_ += "\r\n";
  if (parser_.request().method != Method::head && !has_no_body(response.status)) output_ += response.body;
  loop_.arm(timer_, context_.limits.write_timeout);
  flush();
}

void Connection::flush() {
  while (output_written_ < output_.size()) {
    const auto n = ::send(socket_.fd(), output_.data() + output_written_, output_.size() - output_written_,
                          MSG_NOSIGNAL | MSG_DONTWAIT);
    if (n < 0) {
      if (errno == EINTR) continue;
      if (errno == EAGAIN || errno == EWOULDBLOCK) return socket_.await_writable();
      return close();
    }
    output_written_ += static_cast<std::size_t>(n);
  }
  written();
}

void Connection::writable() {
  const auto keep = shared_from_this();
  if (stage_ == Stage::writing) flush();
}

void Connection::written() {
  timer_.cancel();
  output_ = {};
  if (take_over_) {
    const auto keep = shared_from_this();
    auto take_over = std::exchange(take_over_, nullptr);
    stage_ = Stage::closed;
    connections_here().erase(this);
    // In a turn of its own: this socket's events are being told right now.
    loop_.post([keep, take_over = std::move(take_over)] {
      take_over(std::move(keep->socket_), std::move(keep->input_));
    });
    return;
  }
  if (close_after_) return close_with_linger();
  stage_ = Stage::reading;
  body_timed_ = false;
  parser_.next();
  loop_.arm(timer_, input_.empty() ? context_.limits.keep_alive_timeout : context_.limits.head_timeout);
  // Not from here: a long pipeline must not deepen the stack.
  loop_.post([weak = weak_from_this()] {
    if (const auto self = weak.lock(); self && self->stage_ == Stage::reading) self->consume();
  });
}

// Shuts the sending side and reads on for a moment, so that the client gets the answer and not a reset.
void Connection::close_with_linger() {
  stage_ = Stage::lingering;
  socket_.shutdown_send();
  loop_.arm(timer_, kLinger);
  socket_.await_readable();
}

void Connection::timer_expired() {
  const auto keep = shared_from_this();
  if (stage_ == Stage::reading && parser_.started()) return refuse(408);
  close();
}

void Connection::close() {
  if (stage_ == Stage::closed) return;
  stage_ = Stage::closed;
  timer_.cancel();
  socket_.close();
  connections_here().erase(this);
}

}  // namespace ondol::http
