#pragma once

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include <ondol/gateway/fanout.hpp>
#include <ondol/gateway/stomp_session.hpp>
#include <ondol/messaging/broker/simple_broker.hpp>
#include <ondol/runtime/runtime.hpp>

namespace ondol::gateway {

// A transport that keeps what it is given.
class RecordingTransport final : public websocket::Session {
 public:
  explicit RecordingTransport(std::string id) : id_{std::move(id)} {}

  const std::string& id() const override { return id_; }
  void send(websocket::FrameRef message, websocket::Importance) override {
    if (!closed) sent.emplace_back(message->payload());
  }
  void send(websocket::Opcode, websocket::FrameRef head, websocket::FrameRef tail,
            websocket::Importance) override {
    if (!closed) sent.push_back(std::string{head->payload()} + std::string{tail->payload()});
  }
  std::size_t unsent() const override { return 0; }
  void close(websocket::CloseStatus status) override {
    if (!closed) closed = std::move(status);
  }
  void pause_reading() override { ++pauses; }
  void resume_reading() override { --pauses; }

  std::vector<std::string> sent;
  std::optional<websocket::CloseStatus> closed;
  int pauses = 0;

 private:
  std::string id_;
};

// The parts behind a STOMP endpoint on one loop, without sockets.
class Gateway {
 public:
  explicit Gateway(StompSettings settings = {})
      : context{std::move(settings), inbound, outbound,          broker_channel,
                dispatcher,          broker,  user_destinations, user_registry} {
    dispatcher.connect(broker, user_destinations, broker_channel);
    runtime.start();
  }
  ~Gateway() {
    on_loop([&] { clients_.clear(); });
  }
  Gateway(const Gateway&) = delete;
  Gateway& operator=(const Gateway&) = delete;

  void on_loop(const std::function<void()>& work) { runtime.run_on(runtime.loop(0), work); }

  struct Client {
    explicit Client(std::string id) : transport{std::move(id)} {}
    ~Client() {
      if (session) session->transport_closed();
    }
    Client(const Client&) = delete;
    Client& operator=(const Client&) = delete;

    RecordingTransport transport;
    std::shared_ptr<StompSession> session;
  };

  Client& client(std::string id = "s1") {
    Client* made = nullptr;
    on_loop([&] {
      clients_.push_back(std::make_unique<Client>(std::move(id)));
      made = clients_.back().get();
      made->session = std::make_shared<StompSession>(context, made->transport);
    });
    return *made;
  }

  // Each text is one WebSocket message; `@` stands for NUL. Gives what came back since, in the same
  // notation.
  std::vector<std::string> say(Client& client, const std::vector<std::string>& messages) {
    on_loop([&] {
      for (auto message : messages) {
        std::ranges::replace(message, '@', '\0');
        client.session->message(message);
      }
    });
    return heard(client);
  }

  std::vector<std::string> heard(Client& client) {
    std::vector<std::string> sent;
    on_loop([&] { sent.swap(client.transport.sent); });
    for (auto& message : sent) std::ranges::replace(message, '\0', '@');
    return sent;
  }

  messaging::InboundChannel inbound;
  messaging::Channel outbound;
  messaging::Channel broker_channel;
  Runtime runtime{{.loops = 1, .workers = {.threads = 1, .max_queued = 4}}};
  messaging::UserRegistry user_registry;
  Fanout fanout{outbound};
  messaging::SimpleBroker broker{runtime, {}, fanout};
  messaging::UserDestinations user_destinations{"/user/", user_registry, broker};
  messaging::ErrorMessages errors{{}};
  messaging::Dispatcher dispatcher{{}, errors};
  StompContext context;

 private:
  std::vector<std::unique_ptr<Client>> clients_;
};

}  // namespace ondol::gateway
