#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <ondol/gateway/stomp_context.hpp>
#include <ondol/messaging/client_session.hpp>
#include <ondol/runtime/loop.hpp>
#include <ondol/stomp/decoder.hpp>
#include <ondol/stomp/frame.hpp>
#include <ondol/websocket/session.hpp>

namespace ondol::gateway {

// One STOMP session over one transport session (messaging.md 3): decode, interceptors, hand over,
// answer. Frames begin to be handled in their order; while a handler waits, nothing else is begun
// (GL-8), but as many SENDs as settings.max_overlapping_sends says. Lives on its loop; kept by its
// handler and by what still waits for an answer on its behalf.
class StompSession final : public messaging::ClientSession,
                           public std::enable_shared_from_this<StompSession> {
 public:
  StompSession(const StompContext& context, websocket::Session& transport);
  ~StompSession() override;

  // From the transport.
  void message(std::string_view message);
  void received() { last_received_ = loop().now(); }  // SE-22 [D]: partial frames count, too
  void transport_closed() noexcept;
  void dropped(std::size_t messages);

  // From the fan-out: shared frames, in order.
  void deliver(const websocket::FrameRef& frame);
  void deliver(websocket::Opcode opcode, const websocket::FrameRef& head,
               const websocket::FrameRef& tail);

  void reply_once(const messaging::Message& message, std::string_view subscription_id) override;
  std::size_t unsent() const override { return transport_ ? transport_->unsent() : 0; }
  void end(const Error& why) override;
  void send(const stomp::Frame& frame);

  // ERROR, then close 1002 (CC-2).
  void fail(const stomp::Frame& error);

 private:
  void send(websocket::FrameRef frame);
  void process_next();
  void forget_queue();
  bool may_begin(const stomp::Frame& frame) const;
  void begin(stomp::Frame frame);
  void ended(bool exclusive);
  void hold_back(bool held);
  bool handle_at_once(stomp::Frame& frame);
  Task<void> handle(stomp::Frame frame);
  Task<void> handle_connect(stomp::Frame frame);
  Task<void> handle_other(stomp::Frame frame);
  void connected(const stomp::Frame& frame);
  Task<bool> take_effect(messaging::Message& message);
  bool take_effect_at_once(messaging::Message& message);
  bool subscribe(messaging::Message& message);
  void disconnect(const stomp::Frame& frame);
  void acknowledge(const stomp::Frame& frame);
  void handle_failure(const stomp::Frame* client, std::exception_ptr failure);
  void leave_broker();

  void arm_outgoing();
  void outgoing_due();
  void arm_incoming();
  void incoming_due();

  enum class Stage { before_connect, connecting, connected, disconnected, closed };

  const StompContext& context_;
  websocket::Session* transport_;
  stomp::Decoder decoder_;
  // Decoded and not begun. A vector, for a deque takes 600 octets when it is empty.
  std::vector<stomp::Frame> queue_;
  std::size_t queue_first_ = 0;
  Stage stage_ = Stage::before_connect;
  std::size_t in_progress_ = 0;  // frames whose handlers wait
  bool exclusive_ = false;       // one of them lets nothing beside it
  bool processing_ = false;      // process_next() is on the stack
  bool held_back_ = false;       // reading is paused
  bool in_user_registry_ = false;
  std::chrono::milliseconds outgoing_{0};
  std::chrono::milliseconds incoming_{0};
  Loop::Clock::time_point last_sent_;
  Loop::Clock::time_point last_received_;
  Timer outgoing_timer_;
  Timer incoming_timer_;  // the client's heart-beat; after DISCONNECT the linger
};

// What the WebSocket endpoint makes for each transport session.
class StompHandler final : public websocket::Handler {
 public:
  explicit StompHandler(const StompContext& context) : context_{context} {}

  void opened(websocket::Session& session) override;
  void message(std::string_view message, bool) override { session_->message(message); }
  void received() override { session_->received(); }
  void dropped(std::size_t messages) override { session_->dropped(messages); }
  void closed(const websocket::CloseStatus& status) noexcept override;

 private:
  const StompContext& context_;
  std::shared_ptr<StompSession> session_;
};

}  // namespace ondol::gateway
