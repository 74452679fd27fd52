// bench-floor: what the kernel alone costs. It speaks just enough WebSocket and STOMP for a load
// generator to subscribe and publish, and does nothing else that a server must: once --gather
// bodies have arrived, their frames are ready and go to every subscriber with one send() or one
// gathered sendmsg() each. There is one destination and one subscription id; no check of anything.
//
// The generator keeps two gathers in flight, so that the next one is ready before the last one is
// written: the loop never waits but for its readers.

#include <arpa/inet.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <openssl/evp.h>
#include <strings.h>
#include <sys/epoll.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/uio.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <csignal>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <memory>
#include <string>
#include <string_view>
#include <system_error>
#include <vector>

namespace {

using namespace std::string_view_literals;

constexpr std::size_t kReadSize = 64 * 1024;
constexpr std::size_t kMaxGather = 1024;  // UIO_MAXIOV
constexpr int kStaleGatherMs = 50;        // an incomplete gather goes out after this silence
constexpr std::string_view kKeyHeader = "sec-websocket-key:";
constexpr std::string_view kGuid = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";

[[noreturn]] void fail(const char* what) {
  throw std::system_error(errno, std::generic_category(), what);
}

struct Client {
  int fd = -1;
  bool upgraded = false;
  bool subscribed = false;
  bool waits_for_room = false;
  std::string in;    // octets of an incomplete frame
  std::string rest;  // what the socket did not take
};

std::string accept_key(std::string_view key) {
  const std::string text = std::string{key} + std::string{kGuid};
  std::array<unsigned char, EVP_MAX_MD_SIZE> digest{};
  unsigned int size = 0;
  EVP_Digest(text.data(), text.size(), digest.data(), &size, EVP_sha1(), nullptr);
  std::array<unsigned char, 64> base64{};
  const int length = EVP_EncodeBlock(base64.data(), digest.data(), static_cast<int>(size));
  return {reinterpret_cast<const char*>(base64.data()), static_cast<std::size_t>(length)};
}

std::string_view trimmed(std::string_view text) {
  while (!text.empty() && text.front() == ' ') text.remove_prefix(1);
  return text;
}

// The value of an HTTP header whose name is given in lower case with its colon.
std::string_view http_header(std::string_view head, std::string_view name) {
  for (std::size_t line = 0; line < head.size();) {
    const auto end = head.find("\r\n", line);
    const auto text = head.substr(line, end - line);
    if (text.size() >= name.size() && strncasecmp(text.data(), name.data(), name.size()) == 0)
      return trimmed(text.substr(name.size()));
    if (end == std::string_view::npos) break;
    line = end + 2;
  }
  return {};
}

std::string_view stomp_header(std::string_view frame, std::string_view name) {
  const auto head = frame.substr(0, frame.find("\n\n"));
  const std::string line = "\n" + std::string{name} + ":";
  const auto at = head.find(line);
  if (at == std::string_view::npos) return {};
  const auto from = at + line.size();
  return head.substr(from, head.find('\n', from) - from);
}

void append_frame(std::string& out, std::string_view payload) {
  out += static_cast<char>(0x81);
  if (payload.size() < 126) {
    out += static_cast<char>(payload.size());
  } else {
    out += static_cast<char>(126);
    out += static_cast<char>(payload.size() >> 8 & 255);
    out += static_cast<char>(payload.size() & 255);
  }
  out += payload;
}

class Floor {
 public:
  explicit Floor(std::size_t gather) : gather_{gather} {
    ready_.resize(gather);
    pieces_.resize(gather);
    epoll_ = ::epoll_create1(EPOLL_CLOEXEC);
    if (epoll_ < 0) fail("epoll_create1");
  }

  std::uint16_t listen(std::uint16_t port) {
    listener_ = ::socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    if (listener_ < 0) fail("socket");
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(port);
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    if (::bind(listener_, reinterpret_cast<sockaddr*>(&address), sizeof address) < 0) fail("bind");
    if (::listen(listener_, 4096) < 0) fail("listen");
    socklen_t size = sizeof address;
    ::getsockname(listener_, reinterpret_cast<sockaddr*>(&address), &size);
    watch(EPOLL_CTL_ADD, listener_, EPOLLIN);
    return ntohs(address.sin_port);
  }

  [[noreturn]] void run() {
    std::array<epoll_event, 256> events{};
    for (;;) {
      const int count = ::epoll_wait(epoll_, events.data(), static_cast<int>(events.size()),
                                     filled_ > 0 ? kStaleGatherMs : -1);
      if (count == 0) write_gather();
      for (int i = 0; i < count; ++i) {
        const auto& event = events[static_cast<std::size_t>(i)];
        if (event.data.fd == listener_) {
          accept_all();
          continue;
        }
        Client* client = clients_[static_cast<std::size_t>(event.data.fd)].get();
        if (client && (event.events & EPOLLOUT)) write_rest(*client);
        if (client && client->fd >= 0 && (event.events & (EPOLLIN | EPOLLHUP | EPOLLERR)))
          read(*client);
        if (client && client->fd < 0) clients_[static_cast<std::size_t>(event.data.fd)].reset();
      }
    }
  }

 private:
  void watch(int operation, int fd, std::uint32_t what) {
    epoll_event event{};
    event.events = what;
    event.data.fd = fd;
    if (::epoll_ctl(epoll_, operation, fd, &event) < 0) fail("epoll_ctl");
  }

  void accept_all() {
    for (;;) {
      const int fd = ::accept4(listener_, nullptr, nullptr, SOCK_NONBLOCK | SOCK_CLOEXEC);
      if (fd < 0) return;
      const int on = 1;
      ::setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
      const auto slot = static_cast<std::size_t>(fd);
      if (clients_.size() <= slot) clients_.resize(slot + 1);
      clients_[slot] = std::make_unique<Client>();
      clients_[slot]->fd = fd;
      watch(EPOLL_CTL_ADD, fd, EPOLLIN);
    }
  }

  void close(Client& client) {
    if (client.subscribed) std::erase(subscribers_, &client);
    ::close(client.fd);
    client.fd = -1;
  }

  void read(Client& client) {
    const auto count = ::recv(client.fd, buffer_.data(), buffer_.size(), 0);
    if (count < 0 && (errno == EAGAIN || errno == EINTR)) return;
    if (count <= 0) return close(client);
    std::string_view octets{buffer_.data(), static_cast<std::size_t>(count)};
    if (!client.in.empty()) {
      client.in += octets;
      octets = client.in;
    }
    const auto used = client.upgraded ? read_frames(client, octets) : upgrade(client, octets);
    if (client.fd < 0) return;
    client.in = std::string{octets.substr(used)};
  }

  std::size_t upgrade(Client& client, std::string_view octets) {
    const auto end = octets.find("\r\n\r\n");
    if (end == std::string_view::npos) return 0;
    client.upgraded = true;
    send_text(client,
              "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
              "Sec-WebSocket-Protocol: v12.stomp\r\nSec-WebSocket-Accept: " +
                  accept_key(http_header(octets.substr(0, end), kKeyHeader)) + "\r\n\r\n");
    return end + 4;
  }

  // Frames of a client: final, masked, one STOMP frame each, as both generators send them.
  std::size_t read_frames(Client& client, std::string_view octets) {
    std::size_t at = 0;
    while (client.fd >= 0 && octets.size() - at >= 6) {
      const auto octet = [&](std::size_t i) { return static_cast<unsigned char>(octets[at + i]); };
      std::size_t size = octet(1) & 127u;
      std::size_t head = 6;
      if (size == 126) {
        if (octets.size() - at < 8) break;
        size = static_cast<std::size_t>(octet(2)) << 8 | octet(3);
        head = 8;
      }
      if (octets.size() - at < head + size) break;
      unmasked_.assign(octets.substr(at + head, size));
      for (std::size_t i = 0; i < size; ++i)
        unmasked_[i] = static_cast<char>(unmasked_[i] ^ octets[at + head - 4 + (i & 3)]);
      const unsigned opcode = octet(0) & 15u;
      at += head + size;
      if (opcode == 8)
        close(client);
      else if (opcode <= 2)
        on_stomp(client, unmasked_);
    }
    return at;
  }

  void on_stomp(Client& client, std::string_view frame) {
    if (frame.starts_with("SEND\n")) return on_send(frame);
    if (frame.starts_with("CONNECT\n") || frame.starts_with("STOMP\n"))
      return send_frame(client, "CONNECTED\nversion:1.2\nheart-beat:0,0\n\n\0"sv);
    if (!frame.starts_with("SUBSCRIBE\n")) return;
    const auto id = stomp_header(frame, "id");
    if (subscription_.empty()) subscription_ = id;
    if (id != subscription_) {
      send_frame(client, "ERROR\nmessage:the floor has one subscription id\n\n\0"sv);
      return;
    }
    client.subscribed = true;
    subscribers_.push_back(&client);
    if (const auto receipt = stomp_header(frame, "receipt"); !receipt.empty())
      send_frame(client, "RECEIPT\nreceipt-id:" + std::string{receipt} + "\n\n" + '\0');
  }

  // The body becomes a frame with the headers, and so the size, that our server's MESSAGE has.
  void on_send(std::string_view frame) {
    const auto end = frame.find("\n\n");
    if (end == std::string_view::npos) return;
    std::string_view body = frame.substr(end + 2);
    if (body.ends_with('\0')) body.remove_suffix(1);
    text_ = "MESSAGE\nsubscription:";
    text_ += subscription_;
    text_ += "\ndestination:";
    text_ += stomp_header(frame, "destination");
    text_ += "\ncontent-type:";
    text_ += stomp_header(frame, "content-type");
    text_ += "\nmessage-id:0123456789ab-";
    text_ += std::to_string(messages_++);
    text_ += "\ncontent-length:";
    text_ += std::to_string(body.size());
    text_ += "\n\n";
    text_ += body;
    text_ += '\0';
    ready_[filled_].clear();
    append_frame(ready_[filled_], text_);
    if (++filled_ == gather_) write_gather();
  }

  void write_gather() {
    for (std::size_t i = 0; i < filled_; ++i) pieces_[i] = {ready_[i].data(), ready_[i].size()};
    msghdr message{};
    message.msg_iov = pieces_.data();
    message.msg_iovlen = filled_;
    std::size_t whole = 0;
    for (std::size_t i = 0; i < filled_; ++i) whole += ready_[i].size();
    for (Client* client : subscribers_) {
      ssize_t written = 0;
      if (client->rest.empty()) {
        written = filled_ == 1
                      ? ::send(client->fd, ready_[0].data(), ready_[0].size(), MSG_NOSIGNAL)
                      : ::sendmsg(client->fd, &message, MSG_NOSIGNAL);
      }
      if (written != static_cast<ssize_t>(whole)) keep_rest(*client, written);
    }
    filled_ = 0;
  }

  void keep_rest(Client& client, ssize_t written) {
    auto skip = written < 0 ? 0 : static_cast<std::size_t>(written);
    for (std::size_t i = 0; i < filled_; ++i) {
      const std::string_view frame = ready_[i];
      client.rest += frame.substr(std::min(skip, frame.size()));
      skip -= std::min(skip, frame.size());
    }
    if (client.waits_for_room) return;
    client.waits_for_room = true;
    watch(EPOLL_CTL_MOD, client.fd, EPOLLIN | EPOLLOUT);
  }

  void write_rest(Client& client) {
    const auto written = ::send(client.fd, client.rest.data(), client.rest.size(), MSG_NOSIGNAL);
    if (written > 0) client.rest.erase(0, static_cast<std::size_t>(written));
    if (!client.rest.empty()) return;
    client.waits_for_room = false;
    watch(EPOLL_CTL_MOD, client.fd, EPOLLIN);
  }

  void send_text(Client& client, std::string_view text) {
    if (::send(client.fd, text.data(), text.size(), MSG_NOSIGNAL) !=
        static_cast<ssize_t>(text.size()))
      close(client);
  }

  void send_frame(Client& client, std::string_view payload) {
    std::string frame;
    append_frame(frame, payload);
    send_text(client, frame);
  }

  std::size_t gather_;
  int epoll_ = -1;
  int listener_ = -1;
  std::vector<std::unique_ptr<Client>> clients_;  // by descriptor
  std::vector<Client*> subscribers_;
  std::string subscription_;
  std::vector<std::string> ready_;  // the frames of the present gather
  std::vector<iovec> pieces_;
  std::size_t filled_ = 0;
  std::uint64_t messages_ = 0;
  std::string buffer_ = std::string(kReadSize, '\0');
  std::string unmasked_;
  std::string text_;
};

void raise_file_limit() {
  rlimit limit{};
  ::getrlimit(RLIMIT_NOFILE, &limit);
  limit.rlim_cur = limit.rlim_max;
  ::setrlimit(RLIMIT_NOFILE, &limit);
}

}  // namespace

int main(int argc, char** argv) {
  std::size_t gather = 1;
  for (int i = 1; i < argc; ++i) {
    const std::string_view argument = argv[i];
    if (argument.starts_with("--gather="))
      gather = std::strtoul(argument.data() + 9, nullptr, 10);
    else
      gather = 0;
  }
  if (gather == 0 || gather > kMaxGather) {
    std::fprintf(stderr, "usage: bench-floor [--gather=1..%zu]\n", kMaxGather);
    return 2;
  }
  try {
    std::signal(SIGPIPE, SIG_IGN);
    raise_file_limit();
    Floor floor{gather};
    std::printf("ready http://127.0.0.1:%u\n", floor.listen(0));
    std::fflush(stdout);
    floor.run();
  } catch (const std::exception& e) {
    std::fprintf(stderr, "bench-floor: %s\n", e.what());
    return 1;
  }
}
