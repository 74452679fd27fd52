#pragma once

#include <ondol/messaging/broker/broker.hpp>
#include <ondol/messaging/channel.hpp>
#include <ondol/stomp/frame.hpp>
#include <ondol/websocket/frame_block.hpp>

namespace ondol::gateway {

// Turns a publication into STOMP MESSAGE frames. What differs between subscribers, the
// `subscription` header, goes first; the rest is one tail that all share; subscribers with equal
// ids share the whole frame. Allocates nothing and locks nothing once warm. One object for all
// loops.
class Fanout final : public messaging::DeliverySink {
 public:
  explicit Fanout(const messaging::Channel& outbound) : outbound_{outbound} {}

  void deliver(const messaging::Message& message,
               std::span<messaging::Subscription* const> to) override;

 private:
  const messaging::Channel& outbound_;
};

// The MESSAGE that one subscriber gets, as a frame (used where a frame goes to one session only).
stomp::Frame message_frame(const messaging::Message& message, std::string_view subscription_id);

// A frame as one WebSocket message, text or binary by ST-49 and ST-50.
websocket::FrameRef to_websocket(const stomp::Frame& frame);

}  // namespace ondol::gateway
