#include <apps/load/client.hpp>

namespace load {
namespace {

constexpr std::string_view kSubscribeReceipt = "subscribe-";

std::string replace_all(std::string text, std::string_view what, std::string_view by) {
  for (auto at = text.find(what); at != std::string::npos; at = text.find(what, at + by.size())) {
    text.replace(at, what.size(), by);
  }
  return text;
}

}  // namespace

std::string with_channel(std::string text, std::string_view channel) {
  return replace_all(std::move(text), "{ch}", channel);
}

void Client::connected() {
  std::string request = "GET " + target_.path + " HTTP/1.1\r\nHost: " + target_.host + ':' +
                        std::to_string(target_.port) +
                        "\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
                        "Sec-WebSocket-Version: 13\r\n"
                        "Sec-WebSocket-Key: AQIDBAUGBwgJCgsMDQ4PEA==\r\n";
  if (!target_.raw && !target_.sub_protocol.empty()) {
    request += "Sec-WebSocket-Protocol: " + target_.sub_protocol + "\r\n";
  }
  if (!target_.origin.empty()) request += "Origin: " + target_.origin + "\r\n";
  for (const auto& [name, value] : target_.http_headers) request += name + ": " + value + "\r\n";
  write(request + "\r\n");
}

void Client::lost(const std::string& why) {
  if (events_.lost) events_.lost(*this, why);
}

std::size_t Client::received(std::string_view octets) {
  std::size_t used = 0;
  if (!upgraded_) {
    const auto end = octets.find("\r\n\r\n");
    if (end == std::string_view::npos) return 0;
    if (!upgrade_answered(octets.substr(0, end))) return octets.size();
    used = end + 4;
  }
  while (is_open()) {
    const auto next = read_frame(octets.substr(used));
    if (!next) break;
    used += next->size;
    if (!frame(*next)) return octets.size();
  }
  return used;
}

bool Client::upgrade_answered(std::string_view head) {
  const auto status = head.substr(0, head.find("\r\n"));
  if (status.find(" 101") == std::string_view::npos) {
    close();
    lost("the upgrade was answered with " + std::string{status});
    return false;
  }
  upgraded_ = true;
  if (events_.upgraded) events_.upgraded(*this);
  if (!is_open()) return false;
  if (target_.raw) {
    if (events_.connected) events_.connected(*this);
    return is_open();
  }
  std::string connect = "CONNECT\naccept-version:1.2\nhost:" +
                        (target_.virtual_host.empty() ? target_.host : target_.virtual_host) +
                        "\nheart-beat:" + target_.heart_beat + '\n';
  for (const auto& [name, value] : target_.connect_headers) connect += name + ':' + value + '\n';
  for (const auto& [name, value] : own_headers) connect += name + ':' + value + '\n';
  stomp(connect + '\n');
  return true;
}

bool Client::frame(const ServerFrame& frame) {
  switch (frame.opcode) {
    case Opcode::ping: {
      std::string pong;
      append_frame(pong, Opcode::pong, frame.payload);
      write(pong);
      return true;
    }
    case Opcode::pong:
      return true;
    case Opcode::close: {
      std::string why = "closed by the server";
      if (frame.payload.size() >= 2) {
        const auto octet = [&](std::size_t i) {
          return static_cast<unsigned>(static_cast<unsigned char>(frame.payload[i]));
        };
        why += ' ' + std::to_string(octet(0) << 8 | octet(1)) + ' ' +
               std::string{frame.payload.substr(2)};
      }
      close();
      lost(why);
      return false;
    }
    default:
      text(frame.payload);
      return is_open();
  }
}

void Client::text(std::string_view payload) {
  if (target_.raw || payload.starts_with("MESSAGE\n")) {
    if (events_.message) events_.message(*this, payload);
  } else if (payload.starts_with("RECEIPT\n")) {
    const auto id = header_of(payload, "receipt-id");
    if (id.starts_with(kSubscribeReceipt)) {
      if (events_.subscribed) events_.subscribed(*this, id.substr(kSubscribeReceipt.size()));
    } else if (events_.receipt) {
      events_.receipt(*this, id);
    }
  } else if (payload.starts_with("CONNECTED\n")) {
    if (events_.connected) events_.connected(*this);
  } else if (payload.starts_with("ERROR\n")) {
    const auto why =
        "ERROR " + std::string{header_of(payload, "message")} + ' ' + std::string{body_of(payload)};
    close();
    lost(why);
  }
}

void Client::stomp(std::string_view frame) {
  std::string whole{frame};
  whole += '\0';
  std::string out;
  append_frame(out, Opcode::text, whole);
  write(out);
}

void Client::subscribe(std::string_view channel, std::string_view id) {
  if (target_.raw) {
    std::string out;
    append_frame(out, Opcode::text, with_channel(target_.raw_subscribe, channel));
    if (!target_.raw_subscribe.empty()) write(out);
    return;
  }
  std::string frame = "SUBSCRIBE\nid:" + std::string{id} +
                      "\ndestination:" + with_channel(target_.subscribe_to, channel) + '\n';
  if (target_.receipts) {
    frame += "receipt:";
    frame += kSubscribeReceipt;
    frame += std::string{id} + '\n';
  }
  stomp(frame + '\n');
}

void Client::publish(std::string_view channel, std::string_view body, std::string_view receipt,
                     std::string_view content_type) {
  if (target_.raw) {
    std::string out;
    const auto text = target_.raw_publish.empty() ? "{payload}" : target_.raw_publish;
    append_frame(out, Opcode::text, replace_all(with_channel(text, channel), "{payload}", body));
    write(out);
    return;
  }
  std::string frame = "SEND\ndestination:" + with_channel(target_.send_to, channel) +
                      "\ncontent-type:" + std::string{content_type} +
                      "\ncontent-length:" + std::to_string(body.size()) + '\n';
  if (!receipt.empty()) frame += "receipt:" + std::string{receipt} + '\n';
  frame += '\n';
  frame += body;
  stomp(frame);
}

void Client::heart_beat() {
  std::string out;
  append_frame(out, Opcode::text, "\n");
  write(out);
}

void Client::say_goodbye() {
  std::string out;
  append_frame(out, Opcode::close, "\x03\xe8");
  write(out);
}

}  // namespace load
