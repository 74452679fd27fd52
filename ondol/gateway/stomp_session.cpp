#include <ondol/gateway/stomp_session.hpp>

#include <algorithm>
#include <iterator>
#include <utility>

#include <ondol/gateway/fanout.hpp>
#include <ondol/log/logger.hpp>
#include <ondol/messaging/error_messages.hpp>
#include <ondol/stomp/heartbeat.hpp>
#include <ondol/stomp/version.hpp>

namespace ondol::gateway {
namespace {

constexpr log::Logger kLog{"ondol.gateway"};

using messaging::Message;
using messaging::MessageType;
using stomp::Command;
using websocket::FrameRef;
using websocket::Opcode;

MessageType type_of(Command command) {
  switch (command) {
    case Command::connect:
    case Command::stomp:
      return MessageType::connect;
    case Command::disconnect:
      return MessageType::disconnect;
    case Command::subscribe:
      return MessageType::subscribe;
    case Command::unsubscribe:
      return MessageType::unsubscribe;
    case Command::send:
      return MessageType::message;
    default:
      return MessageType::other;
  }
}

// ST-34: what the channels look at, taken from the first header of each name.
Message to_message(stomp::Frame&& frame, std::shared_ptr<StompSession> session) {
  Message message;
  message.type = type_of(frame.command);
  message.destination = frame.headers.first("destination").value_or("");
  message.content_type = frame.headers.first("content-type").value_or("");
  if (message.type == MessageType::subscribe || message.type == MessageType::unsubscribe) {
    message.subscription_id = frame.headers.first("id").value_or("");
  }
  message.native = std::move(frame.headers);
  message.body = std::move(frame.body);
  message.user = session->user();
  message.session = std::move(session);
  return message;
}

// SE-65, SE-66 [D]: frames that only a server may send.
bool is_server_command(Command command) {
  return command == Command::message || command == Command::connected ||
         command == Command::receipt || command == Command::error;
}

}  // namespace

void StompHandler::opened(websocket::Session& session) {
  session_ = std::make_shared<StompSession>(context_, session);
}

void StompHandler::closed(const websocket::CloseStatus&) noexcept {
  session_->transport_closed();
}

StompSession::StompSession(const StompContext& context, websocket::Session& transport)
    : ClientSession{Loop::current(), transport.id()},
      context_{context},
      transport_{&transport},
      decoder_{context.settings.limits},
      outgoing_timer_{[](void* self) { static_cast<StompSession*>(self)->outgoing_due(); }, this},
      incoming_timer_{[](void* self) { static_cast<StompSession*>(self)->incoming_due(); }, this} {}

StompSession::~StompSession() = default;

void StompSession::message(std::string_view message) {
  if (stage_ == Stage::closed || stage_ == Stage::disconnected) return;
  auto decoded = decoder_.feed(message);
  if (!decoded) {
    handle_failure(nullptr, std::make_exception_ptr(StompError{decoded.error().text}));
    return;
  }
  if (queue_.empty()) {
    queue_ = std::move(decoded->frames);
  } else {
    std::ranges::move(decoded->frames, std::back_inserter(queue_));
  }
  process_next();
}

void StompSession::process_next() {
  if (processing_) return;
  processing_ = true;
  const auto keep = shared_from_this();
  while (queue_first_ < queue_.size() && may_begin(queue_[queue_first_])) {
    auto frame = std::move(queue_[queue_first_++]);
    if (!handle_at_once(frame)) begin(std::move(frame));
  }
  processing_ = false;
  if (queue_first_ >= queue_.size()) forget_queue();
  hold_back(!queue_.empty());
}

void StompSession::forget_queue() {
  queue_ = {};
  queue_first_ = 0;
}

bool StompSession::may_begin(const stomp::Frame& frame) const {
  if (in_progress_ == 0) return true;
  return !exclusive_ && frame.command == Command::send &&
         in_progress_ < context_.settings.max_overlapping_sends;
}

void StompSession::begin(stomp::Frame frame) {
  const bool exclusive = frame.command != Command::send || stage_ != Stage::connected;
  ++in_progress_;
  exclusive_ = exclusive;
  const auto done = [this, exclusive, keep = shared_from_this()] { ended(exclusive); };
  start(handle(std::move(frame)), done, [done](const std::exception_ptr& failure) {
    try {
      std::rethrow_exception(failure);
    } catch (const std::exception& e) {
      kLog.error("uncaught exception while a frame was handled: {}", e.what());
    }
    done();
  });
}

void StompSession::ended(bool exclusive) {
  --in_progress_;
  if (exclusive) exclusive_ = false;
  process_next();
}

// Back-pressure: what waits in the queue came with one WebSocket message at most.
void StompSession::hold_back(bool held) {
  if (held == held_back_ || !transport_) return;
  held_back_ = held;
  held ? transport_->pause_reading() : transport_->resume_reading();
}

// A SEND straight to the broker, without a coroutine: nothing between it and its effect can wait.
bool StompSession::handle_at_once(stomp::Frame& frame) {
  if (stage_ != Stage::connected || !context_.inbound.empty() ||
      (frame.command != Command::send && frame.command != Command::unsubscribe)) {
    return false;
  }
  if (context_.dispatcher.owns(frame.headers.first("destination").value_or(""))) return false;
  // What failures and receipts need of it.
  stomp::Frame told;
  told.command = frame.command;
  if (const auto receipt = frame.headers.first("receipt")) told.headers.add("receipt", *receipt);
  auto message = to_message(std::move(frame), shared_from_this());
  try {
    if (take_effect_at_once(message)) acknowledge(told);
  } catch (...) {
    handle_failure(&told, std::current_exception());
  }
  return true;
}

Task<void> StompSession::handle(stomp::Frame frame) {
  // SE-16, SE-37 [D]: after an ERROR or a DISCONNECT nothing of the session is looked at any more.
  if (stage_ == Stage::closed || stage_ == Stage::disconnected) co_return;
  const bool connect = type_of(frame.command) == MessageType::connect;
  if (connect != (stage_ == Stage::before_connect)) {
    const std::string text =
        connect ? "Session already exists" : "Unknown session: " + id();  // SE-14, SE-15
    handle_failure(&frame, std::make_exception_ptr(StompError{text}));
    co_return;
  }
  if (connect) {
    co_await handle_connect(std::move(frame));
  } else {
    co_await handle_other(std::move(frame));
  }
}

Task<void> StompSession::handle_connect(stomp::Frame frame) {
  stage_ = Stage::connecting;
  auto message = to_message(stomp::Frame{frame}, shared_from_this());
  std::exception_ptr failure;
  bool go_on = false;
  try {
    go_on = co_await context_.inbound.receive(message);
  } catch (...) {
    failure = std::current_exception();
  }
  if (stage_ != Stage::connecting) co_return;  // the transport went away meanwhile
  if (failure || !go_on) {
    stage_ = Stage::before_connect;  // SE-5
    forget_queue();
    if (failure) handle_failure(&frame, failure);
    co_return;
  }
  if (message.user) set_user(*message.user);
  if (context_.settings.reasons) {
    if (const auto languages = frame.headers.first("accept-language")) {
      messaging::ErrorMessages::remember_languages(*this, *languages);
    }
  }
  connected(frame);
}

void StompSession::connected(const stomp::Frame& frame) {
  const auto version = stomp::choose_version(frame.headers.first("accept-version"));
  if (!version) {
    // SE-10: no common version.
    auto error = error_frame("Supported protocol versions are 1.0,1.1,1.2", &frame);
    error.headers.add("version", "1.0,1.1,1.2");
    error.headers.add("content-type", "text/plain");
    error.body = "Supported protocol versions are 1.0,1.1,1.2";
    fail(error);
    return;
  }
  const auto& settings = context_.settings;
  stomp::HeartBeat wanted{};
  if (const auto header = frame.headers.first("heart-beat")) {
    if (auto parsed = stomp::parse_heart_beat(*header)) wanted = *parsed;
  }
  const auto agreed =
      stomp::negotiate(wanted, {settings.heartbeat_outgoing, settings.heartbeat_incoming});
  outgoing_ = agreed.outgoing;
  incoming_ = agreed.incoming;

  stomp::Frame answer;
  answer.command = Command::connected;
  answer.headers.add("version", *version);
  answer.headers.add("heart-beat", std::to_string(settings.heartbeat_outgoing.count()) + ',' +
                                       std::to_string(settings.heartbeat_incoming.count()));
  stage_ = Stage::connected;
  if (user()) {
    answer.headers.add("user-name", user()->name);
    context_.user_registry.add(user()->name, id());  // UR-1: before the client sees CONNECTED
    in_user_registry_ = true;
  }
  send(answer);
  last_received_ = loop().now();
  arm_outgoing();
  arm_incoming();
}

Task<void> StompSession::handle_other(stomp::Frame frame) {
  if (is_server_command(frame.command)) {
    handle_failure(&frame, std::make_exception_ptr(StompError{"A client may not send this frame"}));
    co_return;
  }
  auto message = to_message(stomp::Frame{frame.command, frame.headers, std::move(frame.body)},
                            shared_from_this());
  bool effective = false;
  std::exception_ptr failure;
  try {
    if (!co_await context_.inbound.receive(message)) co_return;  // IC-4: silence
    if (stage_ != Stage::connected) co_return;
    if (message.type == MessageType::disconnect) {
      disconnect(frame);
      co_return;
    }
    effective = co_await take_effect(message);
  } catch (...) {
    failure = std::current_exception();
  }
  if (stage_ != Stage::connected) co_return;
  if (failure) {
    if (message.type == MessageType::disconnect) {
      disconnect(frame);  // SE-39
    } else {
      handle_failure(&frame, failure);
    }
  } else if (effective) {
    acknowledge(frame);
  }
}

// Hands a message to whoever its destination belongs to; answers whether it took effect, so may be
// receipted.
Task<bool> StompSession::take_effect(messaging::Message& message) {
  const bool handled =
      message.type == MessageType::message || message.type == MessageType::subscribe;
  if (handled && context_.dispatcher.owns(message.destination)) {
    co_return co_await context_.dispatcher.dispatch(std::move(message));
  }
  co_return take_effect_at_once(message);
}

bool StompSession::take_effect_at_once(messaging::Message& message) {
  switch (message.type) {
    case MessageType::message:
      if (context_.user_destinations.owns(message.destination)) {
        context_.user_destinations.send(std::move(message));
      } else if (!message.destination.empty() && context_.broker.owns(message.destination)) {
        context_.broker_channel.pass(message,
                                     [&](Message& m) { context_.broker.publish(std::move(m)); });
      }
      return true;
    case MessageType::subscribe:
      return subscribe(message);
    case MessageType::unsubscribe:
      if (message.subscription_id.empty()) {
        kLog.error("session {}: UNSUBSCRIBE without id", id());
        return false;
      }
      context_.broker.unsubscribe(*this, message.subscription_id);
      return true;
    default:
      return true;  // SE-62: ACK, NACK, BEGIN, COMMIT, ABORT
  }
}

bool StompSession::subscribe(messaging::Message& message) {
  if (message.subscription_id.empty() || message.destination.empty()) {
    kLog.error("session {}: SUBSCRIBE without id or destination", id());  // BR-9
    return false;
  }
  std::string destination = message.destination;
  if (context_.user_destinations.owns(destination)) {
    destination = context_.user_destinations.for_session(destination, id());
  }
  if (!context_.broker.owns(destination)) return false;
  if (subscriptions().size() >= context_.settings.max_subscriptions) {
    throw StompError{"The subscription limit of " +
                     std::to_string(context_.settings.max_subscriptions) + " is exceeded"};
  }
  return context_.broker.subscribe(*this, message.subscription_id, destination) ==
         messaging::Broker::Subscribed::stored;
}

void StompSession::acknowledge(const stomp::Frame& frame) {
  if (!context_.settings.receipts) return;  // SE-33, SE-34
  if (const auto receipt = frame.headers.first("receipt")) {
    stomp::Frame answer;
    answer.command = Command::receipt;
    answer.headers.add("receipt-id", *receipt);
    send(answer);
  }
}

void StompSession::disconnect(const stomp::Frame& frame) {
  leave_broker();
  if (const auto receipt = frame.headers.first("receipt")) {
    stomp::Frame answer;
    answer.command = Command::receipt;
    answer.headers.add("receipt-id", *receipt);
    send(answer);
    stage_ = Stage::disconnected;
    outgoing_timer_.cancel();
    loop().arm(incoming_timer_, context_.settings.disconnect_linger);  // SE-31
    return;
  }
  if (context_.settings.disconnect_error) {
    fail(error_frame("Session closed.", nullptr));  // SE-32
    return;
  }
  stage_ = Stage::closed;
  if (transport_) transport_->close({websocket::kNormalClosure, ""});
}

void StompSession::handle_failure(const stomp::Frame* client, std::exception_ptr failure) {
  try {
    std::rethrow_exception(failure);
  } catch (const std::exception& e) {
    if (const auto error = error_for(context_.settings, client, e)) {
      fail(*error);
    } else if (client) {
      context_.dispatcher.errors().tell(*this, type_of(client->command), client->headers, e,
                                        context_.user_destinations);
    }
  } catch (...) {
    kLog.error("session {}: an exception of no known type", id());
  }
}

void StompSession::fail(const stomp::Frame& error) {
  if (stage_ == Stage::closed) return;
  send(error);
  leave_broker();
  stage_ = Stage::closed;
  forget_queue();
  outgoing_timer_.cancel();
  incoming_timer_.cancel();
  if (transport_) transport_->close({websocket::kProtocolError, ""});  // CC-2
}

void StompSession::end(const Error& why) {
  auto error = error_frame(std::to_string(why.code().value()), nullptr);
  error.body = messaging::reason_body(context_.dispatcher.errors().reason_for(*this, why));
  fail(error);
}

void StompSession::leave_broker() {
  context_.broker.remove_session(*this);
  if (std::exchange(in_user_registry_, false)) context_.user_registry.remove(user()->name, id());
}

void StompSession::transport_closed() noexcept {
  transport_ = nullptr;
  stage_ = Stage::closed;
  forget_queue();
  outgoing_timer_.cancel();
  incoming_timer_.cancel();
  leave_broker();
}

// LM-5 [N]: once for each time that it fell behind.
void StompSession::dropped(std::size_t messages) {
  if (stage_ != Stage::connected) return;
  context_.dispatcher.errors().tell(
      *this, MessageType::other, {},
      Error{ErrorCode{4290}, "Too slow: " + std::to_string(messages) + " messages were dropped."},
      context_.user_destinations);
}

void StompSession::deliver(const FrameRef& frame) {
  if (!transport_ || stage_ == Stage::closed) return;
  last_sent_ = loop().now();
  transport_->send(frame, websocket::Importance::droppable);
}

void StompSession::deliver(Opcode opcode, const FrameRef& head, const FrameRef& tail) {
  if (!transport_ || stage_ == Stage::closed) return;
  last_sent_ = loop().now();
  transport_->send(opcode, head, tail, websocket::Importance::droppable);
}

void StompSession::reply_once(const Message& message, std::string_view subscription_id) {
  send(message_frame(message, subscription_id));
}

void StompSession::send(const stomp::Frame& frame) {
  send(to_websocket(frame));
}

void StompSession::send(FrameRef frame) {
  if (!transport_ || stage_ == Stage::closed) return;
  last_sent_ = loop().now();
  transport_->send(std::move(frame), websocket::Importance::must_arrive);
}

void StompSession::arm_outgoing() {
  if (outgoing_.count() > 0)
    loop().arm(outgoing_timer_, outgoing_ * 9 / 10);  // SE-24: never later than agreed
}

void StompSession::outgoing_due() {
  const auto due = last_sent_ + outgoing_ * 9 / 10;
  const auto now = loop().now();
  if (now >= due) {
    send(FrameRef::copy_of(Opcode::text, "\n"));  // ST-45
    arm_outgoing();
    return;
  }
  loop().arm(outgoing_timer_, std::chrono::ceil<std::chrono::milliseconds>(due - now));
}

void StompSession::arm_incoming() {
  if (incoming_.count() > 0) loop().arm(incoming_timer_, incoming_ * 3);  // SE-21
}

void StompSession::incoming_due() {
  if (stage_ == Stage::disconnected) {
    stage_ = Stage::closed;
    if (transport_) transport_->close({websocket::kNormalClosure, ""});
    return;
  }
  // While a handler holds back the reading, silence is not the client's fault.
  const auto due = (held_back_ ? loop().now() : last_received_) + incoming_ * 3;
  const auto now = loop().now();
  if (now >= due) {
    fail(error_frame("Session closed.", nullptr));
    return;
  }
  loop().arm(incoming_timer_, std::chrono::ceil<std::chrono::milliseconds>(due - now));
}

}  // namespace ondol::gateway
