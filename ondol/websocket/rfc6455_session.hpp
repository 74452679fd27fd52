#pragma once

#include <memory>
#include <optional>
#include <string>

#include <ondol/runtime/loop.hpp>
#include <ondol/runtime/socket.hpp>
#include <ondol/websocket/deflate/negotiation.hpp>
#include <ondol/websocket/limits.hpp>
#include <ondol/websocket/outbox.hpp>
#include <ondol/websocket/receiver.hpp>
#include <ondol/websocket/session.hpp>

namespace ondol::websocket {

// The session over one socket, after the upgrade. Owns itself: made by open(), gone when the socket
// is closed and the handler was told. Lives on the loop that open() was called on.
class Rfc6455Session final : public Session, private Socket::Events, private TurnEnd {
 public:
  // `already_read` are octets that the client sent right behind its upgrade request.
  static void open(Socket socket, std::string already_read, std::unique_ptr<Handler> handler,
                   const Limits& limits, const std::optional<DeflateAgreement>& deflate);

  // Closes every session of this loop (CC-4); and how many there are.
  static void close_all_here(const CloseStatus& status);
  // Closes at most `count` that are not closing yet, so that a drain can be spread over time
  // (CH-52).
  static void close_some_here(std::size_t count, const CloseStatus& status);
  static std::size_t count_here();

  const std::string& id() const override { return id_; }
  void send(FrameRef message, Importance importance) override;
  void send(Opcode opcode, FrameRef head, FrameRef tail, Importance importance) override;
  std::size_t unsent() const override { return outbox_.octets(); }
  void close(CloseStatus status) override;
  void pause_reading() override { ++paused_; }
  void resume_reading() override;

 private:
  Rfc6455Session(Socket socket, std::unique_ptr<Handler> handler, const Limits& limits,
                 int deflate_window_bits);
  ~Rfc6455Session() override;

  void readable() override;
  void writable() override;
  void turn_ended() override;

  void consume(char* data, std::size_t size);
  bool handle(Receiver::Event event);
  void queued();
  void flush();
  void keep_within_limit();
  void violate_limit();
  void peer_closed();
  void end(CloseStatus status);
  void timer_expired();

  Loop& loop_;
  Socket socket_;
  std::unique_ptr<Handler> handler_;
  const Limits& limits_;
  std::string id_;
  Receiver receiver_;
  Outbox outbox_;
  std::string unread_;  // arrived while paused, or after the message that led to the pause
  CloseStatus status_{kAbnormalClosure, ""};
  Timer timer_;  // first message, then blocked writes, then the peer's close
  Rfc6455Session* next_ = nullptr;
  Rfc6455Session* previous_ = nullptr;
  std::size_t dropped_ = 0;  // since the outbox was empty
  int paused_ = 0;
  int deflate_window_bits_;  // 0: not agreed on
  bool consuming_ = false;
  bool received_anything_ = false;
  bool blocked_ = false;
  bool closing_ = false;       // a close frame was queued: nothing else may be
  bool peer_closing_ = false;  // the peer's close frame has come
  bool ended_ = false;
};

}  // namespace ondol::websocket
