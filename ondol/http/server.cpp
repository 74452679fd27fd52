#include <ondol/http/server.hpp>

#include <sys/socket.h>
#include <unistd.h>

#include <cerrno>
#include <future>
#include <system_error>
#include <utility>

#include <ondol/http/connection.hpp>
#include <ondol/http/detail/connection_registry.hpp>
#include <ondol/http/detail/listening.hpp>
#include <ondol/log/logger.hpp>
#include <ondol/runtime/socket.hpp>

namespace ondol::http {
namespace {

constexpr log::Logger kLog{"ondol.http"};

// Then the loop looks after its own connections again.
constexpr int kMaxAcceptsPerEvent = 64;

// Without free descriptors the listener stays readable: it waits for one to come free instead of
// spinning.
constexpr std::chrono::milliseconds kPauseWithoutDescriptors{100};

// Runs the work, which must not throw, on the loop and waits for it. False: the loop has been
// stopped, nothing ran.
bool run_and_wait(Loop& loop, const std::function<void()>& work) {
  auto done = std::make_shared<std::promise<void>>();
  auto finished = done->get_future();
  loop.post([&work, done] {
    work();
    done->set_value();
  });
  // From here on the promise goes with the work: work that is dropped ends the waiting too.
  done.reset();
  try {
    finished.get();
    return true;
  } catch (const std::future_error&) {
    return false;
  }
}

// An accepted descriptor on its way to its loop. A loop that stops destroys what it was sent.
class Accepted {
 public:
  Accepted(std::shared_ptr<ConnectionRegistry> registry, int fd, Admission::Place place)
      : registry_{std::move(registry)}, fd_{fd}, place_{std::move(place)} {}
  Accepted(const Accepted&) = delete;
  Accepted& operator=(const Accepted&) = delete;
  ~Accepted() {
    if (fd_ < 0) return;
    ::close(fd_);
    registry_->release();
  }

  void open(const std::string& remote_address) {
    Connection::open(registry_, std::exchange(fd_, -1), std::move(place_), remote_address);
  }

 private:
  std::shared_ptr<ConnectionRegistry> registry_;
  int fd_;
  Admission::Place place_;
};

bool lacks_resources(int error) {
  return error == EMFILE || error == ENFILE || error == ENOBUFS || error == ENOMEM;
}

}  // namespace

// Lives on the first loop.
class Server::Listener final : private Socket::Events {
 public:
  Listener(Runtime& runtime, std::shared_ptr<ConnectionRegistry> registry, int fd)
      : runtime_{runtime},
        registry_{std::move(registry)},
        socket_{Loop::current(), fd},
        pause_{[](void* self) { static_cast<Listener*>(self)->readable(); }, this} {
    socket_.set_events(*this);
    socket_.await_readable();
  }

 private:
  void readable() override {
    for (int i = 0; i < kMaxAcceptsPerEvent; ++i) {
      sockaddr_storage address{};
      socklen_t size = sizeof address;
      const int fd = ::accept4(socket_.fd(), reinterpret_cast<sockaddr*>(&address), &size,
                               SOCK_CLOEXEC | SOCK_NONBLOCK);
      if (fd >= 0) {
        hand_over(fd, address_of(address));
        continue;
      }
      if (errno == EAGAIN || errno == EWOULDBLOCK) {
        socket_.drained();
        break;
      }
      if (lacks_resources(errno)) {
        kLog.warn("cannot accept: {}", std::generic_category().message(errno));
        return Loop::current().arm(pause_, kPauseWithoutDescriptors);
      }
      // Anything else is the fault of that one client, such as ECONNABORTED.
    }
    socket_.await_readable();
  }
  void writable() override {}

  void hand_over(int fd, std::string remote_address) {
    auto place = registry_->admission().admit(remote_address);
    if (!place) {
      kLog.debug("{} is turned away: {} connections", remote_address,
                 registry_->admission().count());
      ::close(fd);
      return;
    }
    registry_->reserve();
    auto accepted = std::make_shared<Accepted>(registry_, fd, std::move(place));
    runtime_.next_loop().post(
        [accepted, remote = std::move(remote_address)] { accepted->open(remote); });
  }

  Runtime& runtime_;
  std::shared_ptr<ConnectionRegistry> registry_;
  Socket socket_;
  Timer pause_;
};

Server::Server(Runtime& runtime, ServerOptions options, Endpoint endpoint)
    : runtime_{runtime},
      options_{std::move(options)},
      registry_{std::make_shared<ConnectionRegistry>(options_.limits, std::move(endpoint),
                                                     runtime.size())} {}

Server::~Server() {
  if (!started_) return;
  stop_accepting();
  // Also what was accepted and has not reached its loop yet: it finds the registry draining.
  registry_->drain({});
  close_all();
}

std::uint16_t Server::start() {
  const auto listening = listen_on(options_.address, options_.port, options_.limits.tcp_keep_alive);
  started_ = true;
  const auto listen = [&] {
    listener_ = std::make_unique<Listener>(runtime_, registry_, listening.fd);
  };
  if (!run_and_wait(runtime_.loop(0), listen)) ::close(listening.fd);
  return listening.port;
}

void Server::stop_accepting() {
  // A loop that has ended leaves its listener to this thread.
  if (!run_and_wait(runtime_.loop(0), [this] { listener_.reset(); })) listener_.reset();
}

void Server::drain(std::function<void()> done) {
  registry_->drain(std::move(done));
  for (std::size_t i = 0; i < runtime_.size(); ++i) {
    runtime_.loop(i).post([registry = registry_] { Connection::drain_here(*registry); });
  }
}

void Server::close_all() {
  for (std::size_t i = 0; i < runtime_.size(); ++i) {
    const auto close_here = [this] { Connection::close_all_here(*registry_); };
    if (!run_and_wait(runtime_.loop(i), close_here)) registry_->of_loop(i).clear();
  }
}

std::size_t Server::connections() const {
  return registry_->count();
}

}  // namespace ondol::http
