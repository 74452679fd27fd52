// What a delivery allocates, from the socket that a SEND is read from to the sendmsg of the last
// subscriber: nothing. Counted over the whole process, malloc and new alike; the client side of
// this test allocates nothing while it is counted.

#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <atomic>
#include <cstdlib>
#include <memory>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include <ondol/gateway/fanout.hpp>
#include <ondol/gateway/stomp_session.hpp>
#include <ondol/http/server.hpp>
#include <ondol/messaging/broker/simple_broker.hpp>
#include <ondol/web/web.hpp>
#include <ondol/websocket/endpoint.hpp>
#include <ondol/websocket/rfc6455_session.hpp>

namespace {

std::atomic<std::uint64_t> allocations{0};

}  // namespace

extern "C" {

void* __libc_malloc(std::size_t size);
void* __libc_calloc(std::size_t count, std::size_t size);
void* __libc_realloc(void* memory, std::size_t size);
void* __libc_memalign(std::size_t alignment, std::size_t size);

void* malloc(std::size_t size) {
  allocations.fetch_add(1, std::memory_order_relaxed);
  return __libc_malloc(size);
}
void* calloc(std::size_t count, std::size_t size) {
  allocations.fetch_add(1, std::memory_order_relaxed);
  return __libc_calloc(count, size);
}
void* realloc(void* memory, std::size_t size) {
  allocations.fetch_add(1, std::memory_order_relaxed);
  return __libc_realloc(memory, size);
}
void* aligned_alloc(std::size_t alignment, std::size_t size) {
  allocations.fetch_add(1, std::memory_order_relaxed);
  return __libc_memalign(alignment, size);
}
}

namespace ondol {
namespace {

// A STOMP server on one loop, as boot wires it.
class Server {
 public:
  Server() {
    dispatcher_.connect(broker_, user_destinations_, broker_channel_);
    web_.upgrade("/ws", [this](http::Request& request) {
      return websocket::upgrade(
          request, endpoint_, [this] { return std::make_unique<gateway::StompHandler>(context_); });
    });
    runtime_.start();
    server_ = std::make_unique<http::Server>(runtime_, options(), web_.endpoint());
    port = server_->start();
  }
  ~Server() {
    server_->close_all();
    runtime_.run_on(runtime_.loop(0),
                    [] { websocket::Rfc6455Session::close_all_here({websocket::kGoingAway, ""}); });
    runtime_.stop();
  }

  std::uint16_t port = 0;

 private:
  static http::ServerOptions options() {
    http::ServerOptions options;
    options.port = 0;
    return options;
  }

  Runtime runtime_{{.loops = 1, .workers = {.threads = 1, .max_queued = 4}}};
  web::Web web_;
  messaging::InboundChannel inbound_;
  messaging::Channel outbound_;
  messaging::Channel broker_channel_;
  messaging::UserRegistry user_registry_;
  gateway::Fanout fanout_{outbound_};
  messaging::SimpleBroker broker_{runtime_, {}, fanout_};
  messaging::UserDestinations user_destinations_{"/user/", user_registry_, broker_};
  messaging::ErrorMessages errors_{{}};
  messaging::Dispatcher dispatcher_{{}, errors_};
  gateway::StompContext context_{{},          inbound_, outbound_,          broker_channel_,
                                 dispatcher_, broker_,  user_destinations_, user_registry_};
  websocket::EndpointOptions endpoint_;
  std::unique_ptr<http::Server> server_;
};

// A client with blocking reads into one buffer.
class Client {
 public:
  explicit Client(std::uint16_t port) : fd_{::socket(AF_INET, SOCK_STREAM, 0)} {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(port);
    ::inet_pton(AF_INET, "127.0.0.1", &address.sin_addr);
    const int on = 1;
    ::setsockopt(fd_, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    EXPECT_EQ(::connect(fd_, reinterpret_cast<sockaddr*>(&address), sizeof address), 0);
    write(
        "GET /ws HTTP/1.1\r\nHost: x\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
        "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: AQIDBAUGBwgJCgsMDQ4PEA==\r\n\r\n");
    std::string head;
    for (char c = 0; !head.ends_with("\r\n\r\n") && ::recv(fd_, &c, 1, 0) == 1;) head += c;
    EXPECT_TRUE(head.starts_with("HTTP/1.1 101")) << head;
    say("CONNECT\naccept-version:1.2\n\n");
    read_frame();
  }
  ~Client() { ::close(fd_); }
  Client(const Client&) = delete;
  Client& operator=(const Client&) = delete;

  static std::string masked(std::string text) {
    text += '\0';
    std::string frame{static_cast<char>(0x81)};
    if (text.size() < 126) {
      frame += static_cast<char>(0x80 | text.size());
    } else {
      frame += static_cast<char>(0x80 | 126);
      frame += static_cast<char>(text.size() >> 8);
      frame += static_cast<char>(text.size());
    }
    frame.append(4, '\0');
    return frame + text;
  }
  void say(const std::string& text) { write(masked(text)); }
  void write(std::string_view octets) {
    ASSERT_EQ(::send(fd_, octets.data(), octets.size(), MSG_NOSIGNAL),
              static_cast<ssize_t>(octets.size()));
  }
  // Allocates nothing; answers the length of the payload, 0 at the end.
  std::size_t read_frame() {
    unsigned char header[4];
    if (::recv(fd_, header, 2, MSG_WAITALL) != 2) return 0;
    std::size_t size = header[1];
    if (size == 126) {
      if (::recv(fd_, header + 2, 2, MSG_WAITALL) != 2) return 0;
      size = static_cast<std::size_t>(header[2]) << 8 | header[3];
    }
    std::array<char, 65'536> payload;
    return ::recv(fd_, payload.data(), size, MSG_WAITALL) == static_cast<ssize_t>(size) ? size : 0;
  }

 private:
  int fd_;
};

// A thousand sockets twice over, in one process.
const bool kManyFiles = [] {
  rlimit limit{};
  ::getrlimit(RLIMIT_NOFILE, &limit);
  limit.rlim_cur = limit.rlim_max;
  return ::setrlimit(RLIMIT_NOFILE, &limit) == 0;
}();

constexpr int kWarmUp = 100;
constexpr int kMessages = 100;

// Allocations of kMessages messages to so many subscribers.
std::uint64_t allocations_of(std::size_t subscribers, bool distinct_ids) {
  EXPECT_TRUE(kManyFiles);
  Server server;
  std::vector<std::unique_ptr<Client>> clients;
  for (std::size_t i = 0; i < subscribers; ++i) {
    clients.push_back(std::make_unique<Client>(server.port));
    const auto id = distinct_ids ? "id-" + std::to_string(i) : std::string{"sub-0"};
    clients.back()->say("SUBSCRIBE\nid:" + id + "\ndestination:/topic/room\n\n");
  }
  Client publisher{server.port};
  const auto frame = Client::masked("SEND\ndestination:/topic/room\ncontent-type:text/plain\n\n" +
                                    std::string(128, 'x'));
  // One at a time: the answer is there before the next one leaves.
  const auto round = [&] {
    publisher.write(frame);
    for (const auto& client : clients) {
      if (client->read_frame() == 0) return false;
    }
    return true;
  };
  for (int i = 0; i < kWarmUp; ++i) EXPECT_TRUE(round());
  const auto before = allocations.load();
  bool complete = true;
  for (int i = 0; i < kMessages && complete; ++i) complete = round();
  const auto count = allocations.load() - before;
  EXPECT_TRUE(complete);
  return count;
}

TEST(Allocations, of_a_fan_out_do_not_depend_on_the_number_of_subscribers) {
  const auto few = allocations_of(10, false);
  const auto many = allocations_of(1'000, false);  // 100,000 deliveries
  EXPECT_GT(few, 0U) << "nothing was counted at all";
  EXPECT_EQ(few, many);
  RecordProperty("per_message", static_cast<int>(few / kMessages));
  std::printf("%llu allocations a message\n", static_cast<unsigned long long>(few / kMessages));
}

TEST(Allocations, do_not_either_when_all_subscription_ids_differ) {
  EXPECT_EQ(allocations_of(10, true), allocations_of(1'000, true));
}

}  // namespace
}  // namespace ondol
