#include <ondol/websocket/rfc6455_session.hpp>

#include <sys/socket.h>

#include <array>
#include <cerrno>
#include <utility>

#include <ondol/base/ids.hpp>
#include <ondol/log/logger.hpp>

namespace ondol::websocket {
namespace {

constexpr log::Logger kLog{"ondol.websocket"};

constexpr std::size_t kReadBuffer = 65'536;
constexpr std::size_t kMaxReadsPerEvent = 8;  // so that one busy peer does not hold up the others

// One buffer a loop: an idle session keeps none of its own.
char* read_buffer() {
  thread_local std::array<char, kReadBuffer> buffer;
  return buffer.data();
}

// The sessions of one loop, so that a drain can reach them.
struct SessionList {
  Rfc6455Session* first = nullptr;
  std::size_t count = 0;
};
SessionList& sessions_here() {
  thread_local SessionList list;
  return list;
}

FrameRef close_frame(const CloseStatus& status) {
  if (status.code == kNoStatusReceived) return FrameRef::copy_of(Opcode::close, {});
  std::string payload;
  payload += static_cast<char>(status.code >> 8);
  payload += static_cast<char>(status.code & 0xFF);
  payload.append(status.reason, 0, 123);  // §5.5: a control frame has at most 125 octets
  return FrameRef::copy_of(Opcode::close, payload);
}

}  // namespace

void Rfc6455Session::open(Socket socket, std::string already_read, std::unique_ptr<Handler> handler,
                          const Limits& limits, const std::optional<DeflateAgreement>& deflate) {
  auto* const session = new Rfc6455Session{std::move(socket), std::move(handler), limits,
                                           deflate ? deflate->server_window_bits : 0};
  session->socket_.set_events(*session);
  session->loop_.arm(session->timer_, limits.time_to_first_message);
  session->handler_->opened(*session);
  session->consume(already_read.data(), already_read.size());
  if (!session->ended_) session->socket_.await_readable();
}

Rfc6455Session::Rfc6455Session(Socket socket, std::unique_ptr<Handler> handler,
                               const Limits& limits, int deflate_window_bits)
    : loop_{Loop::current()},
      socket_{std::move(socket)},
      handler_{std::move(handler)},
      limits_{limits},
      id_{random_uuid()},
      receiver_{limits.max_message_size, deflate_window_bits != 0},
      timer_{[](void* self) { static_cast<Rfc6455Session*>(self)->timer_expired(); }, this},
      deflate_window_bits_{deflate_window_bits} {
  auto& list = sessions_here();
  next_ = list.first;
  if (next_) next_->previous_ = this;
  list.first = this;
  ++list.count;
}

Rfc6455Session::~Rfc6455Session() {
  auto& list = sessions_here();
  (previous_ ? previous_->next_ : list.first) = next_;
  if (next_) next_->previous_ = previous_;
  --list.count;
}

void Rfc6455Session::close_all_here(const CloseStatus& status) {
  close_some_here(SIZE_MAX, status);
}

void Rfc6455Session::close_some_here(std::size_t count, const CloseStatus& status) {
  for (auto* session = sessions_here().first; session && count > 0; session = session->next_) {
    if (session->closing_ || session->ended_) continue;
    session->close(status);
    --count;
  }
}

std::size_t Rfc6455Session::count_here() {
  return sessions_here().count;
}

void Rfc6455Session::readable() {
  for (std::size_t i = 0; i < kMaxReadsPerEvent && !ended_ && paused_ == 0; ++i) {
    char* const buffer = read_buffer();
    const auto n = socket_.read(buffer, kReadBuffer);
    if (n > 0) {
      consume(buffer, static_cast<std::size_t>(n));
      if (static_cast<std::size_t>(n) < kReadBuffer) break;
      continue;
    }
    if (n < 0 && errno == EINTR) continue;
    if (n < 0 && (errno == EAGAIN || errno == EWOULDBLOCK)) break;
    end(peer_closing_ ? status_ : CloseStatus{kAbnormalClosure, ""});
    return;
  }
  if (!ended_ && paused_ == 0) socket_.await_readable();
}

void Rfc6455Session::consume(char* data, std::size_t size) {
  if (size == 0 || ended_) return;
  if (!received_anything_) {
    received_anything_ = true;
    timer_.cancel();  // LM-6: anything stops it for good
  }
  handler_->received();
  consuming_ = true;
  while (!ended_ && !peer_closing_) {
    if (paused_ > 0) {
      unread_.append(data, size);
      break;
    }
    const auto event = receiver_.next(data, size);
    if (event == Receiver::Event::need_more || !handle(event)) break;
  }
  consuming_ = false;
}

bool Rfc6455Session::handle(Receiver::Event event) {
  switch (event) {
    case Receiver::Event::text:
    case Receiver::Event::binary:
      if (closing_) return true;  // ST-8: dropped silently
      try {
        handler_->message(receiver_.payload(), event == Receiver::Event::binary);
      } catch (const std::exception& e) {
        kLog.error("session {}: uncaught exception of its handler: {}", id_, e.what());
        close({kInternalError, ""});  // CC-9
      }
      return true;
    case Receiver::Event::ping:
      if (!closing_) {
        outbox_.push(FrameRef::copy_of(Opcode::pong, receiver_.payload()));
        queued();
      }
      return true;
    case Receiver::Event::pong:
      return true;
    case Receiver::Event::close:
      peer_closed();
      return false;
    case Receiver::Event::failed:
      status_ = receiver_.close();
      peer_closing_ = true;
      close(receiver_.close());
      return false;
    case Receiver::Event::need_more:
      return false;
  }
  return false;
}

void Rfc6455Session::resume_reading() {
  if (--paused_ > 0 || ended_) return;
  if (consuming_) return;  // the loop in consume() goes on by itself
  if (!unread_.empty()) {
    std::string data = std::exchange(unread_, {});
    consume(data.data(), data.size());
  }
  if (!ended_ && paused_ == 0) socket_.await_readable();
}

void Rfc6455Session::send(FrameRef message, Importance importance) {
  if (closing_ || ended_) return;
  if (deflate_window_bits_ != 0 && message->payload().size() >= limits_.deflate_threshold) {
    message = message.deflated(deflate_window_bits_);
  }
  outbox_.push(std::move(message), importance == Importance::droppable);
  queued();
}

void Rfc6455Session::send(Opcode opcode, FrameRef head, FrameRef tail, Importance importance) {
  if (closing_ || ended_) return;
  const auto size = head->payload().size() + tail->payload().size();
  if (deflate_window_bits_ != 0 && size >= limits_.deflate_threshold) {
    send(FrameRef::joined(opcode, head->payload(), tail->payload()), importance);
    return;
  }
  outbox_.push(opcode, std::move(head), std::move(tail), importance == Importance::droppable);
  queued();
}

void Rfc6455Session::close(CloseStatus status) {
  if (closing_ || ended_) return;
  outbox_.push(close_frame(status));
  if (!peer_closing_) status_ = std::move(status);
  closing_ = true;
  queued();
  // Armed anew by flush() once the close frame is written; a peer that never reads must not hold
  // the socket.
  loop_.arm(timer_, limits_.send_time);
}

void Rfc6455Session::peer_closed() {
  peer_closing_ = true;
  if (!closing_) {
    status_ = receiver_.close();
    close(receiver_.close());
  }
  loop_.at_turn_end(*this);
}

void Rfc6455Session::queued() {
  if (blocked_) {
    // LM-4: only a send that meets a blocked writer is judged.
    keep_within_limit();
    return;
  }
  loop_.at_turn_end(*this);
}

void Rfc6455Session::turn_ended() {
  flush();
}

void Rfc6455Session::flush() {
  if (ended_) return;
  switch (outbox_.flush(socket_.fd())) {
    case Outbox::Flushed::broken:
      end({kAbnormalClosure, ""});
      return;
    case Outbox::Flushed::blocked:
      if (!blocked_) {
        blocked_ = true;
        loop_.arm(timer_, limits_.send_time);  // LM-7
      }
      socket_.await_writable();
      keep_within_limit();
      return;
    case Outbox::Flushed::everything:
      if (blocked_) {
        blocked_ = false;
        timer_.cancel();
        if (!closing_ && dropped_ > 0) handler_->dropped(std::exchange(dropped_, 0));
      }
      if (closing_) {
        if (peer_closing_) {
          // §7.1.1: the server closes the TCP connection first. What the peer still sends must not
          // turn the close frame into a reset, so only the sending side is shut, and the rest is
          // read until the peer is gone.
          socket_.shutdown_send();
        }
        loop_.arm(timer_, limits_.close_handshake);
      }
      return;
  }
}

void Rfc6455Session::writable() {
  // A write that makes progress begins the time limit anew (LM-4 speaks of one socket write).
  if (blocked_) loop_.arm(timer_, limits_.send_time);
  flush();
}

void Rfc6455Session::keep_within_limit() {
  if (closing_ || outbox_.octets() <= limits_.send_buffer_size) return;
  std::size_t dropped = 0;
  if (limits_.overflow == Overflow::drop_oldest) {
    dropped = outbox_.drop_oldest(limits_.send_buffer_size);
  } else if (limits_.overflow == Overflow::drop_newest) {
    dropped = outbox_.drop_newest(limits_.send_buffer_size);
  }
  if (dropped > 0 && dropped_ == 0) {
    kLog.warn("session {}: reads too slowly, messages are dropped", id_);
  }
  dropped_ += dropped;
  if (outbox_.octets() > limits_.send_buffer_size) violate_limit();
}

void Rfc6455Session::violate_limit() {
  kLog.warn("session {}: buffer of {} octets exceeds the limit of {}", id_, outbox_.octets(),
            limits_.send_buffer_size);
  end({kSessionNotReliable, "Failed to send message within the configured send limit"});
}

void Rfc6455Session::timer_expired() {
  if (!received_anything_ && !closing_) {
    close(
        {kSessionNotReliable, "Failed to send message within the configured send limit"});  // LM-6
    return;
  }
  if (blocked_ && !closing_) {
    kLog.warn("session {}: a write was blocked for more than {} ms", id_,
              limits_.send_time.count());
    end({kSessionNotReliable, "Failed to send message within the configured send limit"});
    return;
  }
  end(status_);
}

void Rfc6455Session::end(CloseStatus status) {
  if (ended_) return;
  ended_ = true;
  timer_.cancel();
  if (status.code == kSessionNotReliable && !outbox_.half_written()) {
    // CC-10: a close frame can only be told where no frame is half written; one try, the peer may
    // not read.
    outbox_.clear();
    outbox_.push(close_frame(status));
    outbox_.flush(socket_.fd());
  }
  outbox_.clear();
  socket_.close();
  // The handler learns it, and this session goes, when nobody up the stack uses either any more.
  loop_.post([this, status = std::move(status)] {
    handler_->closed(status);
    delete this;
  });
}

}  // namespace ondol::websocket
