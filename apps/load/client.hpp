#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <apps/load/engine.hpp>
#include <apps/load/wire.hpp>

namespace load {

// Where the server is and what a client tells it. `{ch}` in a destination is the channel's name.
struct Target {
  std::string host = "127.0.0.1";
  std::uint16_t port = 0;
  std::string path = "/";
  std::string origin;
  std::string sub_protocol = "v12.stomp";
  std::vector<std::pair<std::string, std::string>> http_headers;

  bool raw = false;           // WebSocket messages without STOMP
  std::string raw_subscribe;  // templates with {ch} and {payload}
  std::string raw_publish;

  std::string virtual_host;  // of CONNECT; empty: the host
  std::string subscribe_to = "/topic/{ch}";
  std::string send_to = "/topic/{ch}";
  std::vector<std::pair<std::string, std::string>> connect_headers;
  std::string heart_beat = "0,0";
  bool receipts = false;  // ask for a RECEIPT to SUBSCRIBE and wait for it
};

std::string with_channel(std::string text, std::string_view channel);

// A STOMP 1.2 session over WebSocket, or raw WebSocket messages.
class Client final : public Connection {
 public:
  struct Events {
    std::function<void(Client&)> upgraded;   // 101 was read
    std::function<void(Client&)> connected;  // CONNECTED was read (raw: after the upgrade)
    std::function<void(Client&, std::string_view)> subscribed;  // RECEIPT of a SUBSCRIBE: its id
    // A MESSAGE, or a raw message: headers and all.
    std::function<void(Client&, std::string_view)> message;
    std::function<void(Client&, std::string_view)> receipt;  // of something else
    // Refused, ERROR, closed: with the server's text.
    std::function<void(Client&, const std::string&)> lost;
  };

  Client(Engine& engine, const Target& target, const Events& events, std::uint32_t index)
      : Connection{engine}, target_{target}, events_{events}, index_{index} {}

  std::uint32_t index() const { return index_; }
  void connect(int source = -1) { open(target_.host, target_.port, source); }
  // Besides those of the target, as tokens are.
  std::vector<std::pair<std::string, std::string>> own_headers;

  void subscribe(std::string_view channel, std::string_view id);
  void publish(std::string_view channel, std::string_view body, std::string_view receipt = {},
               std::string_view content_type = "text/plain");
  void heart_beat();
  void say_goodbye();  // a close frame

 private:
  void connected() override;
  std::size_t received(std::string_view octets) override;
  void lost(const std::string& why) override;
  bool upgrade_answered(std::string_view head);
  bool frame(const ServerFrame& frame);
  void stomp(std::string_view frame);
  void text(std::string_view payload);

  const Target& target_;
  const Events& events_;
  std::uint32_t index_;
  bool upgraded_ = false;
};

}  // namespace load
