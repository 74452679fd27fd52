#include <ondol/runtime/socket.hpp>

#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cstddef>
#include <utility>

#include <boost/asio/associated_allocator.hpp>
#include <boost/asio/posix/basic_stream_descriptor.hpp>

#include <ondol/runtime/detail/backend.hpp>

namespace ondol {
namespace {

// Room for one pending wait of Asio, so that waiting does not allocate.
class HandlerMemory {
 public:
  void* allocate(std::size_t size) {
    if (!used_ && size <= sizeof storage_) {
      used_ = true;
      return storage_;
    }
    return ::operator new(size);
  }
  void deallocate(void* memory) {
    if (memory == storage_) {
      used_ = false;
    } else {
      ::operator delete(memory);
    }
  }

 private:
  alignas(std::max_align_t) std::byte storage_[160];
  bool used_ = false;
};

template <class T>
struct HandlerAllocator {
  using value_type = T;
  HandlerMemory* memory;

  explicit HandlerAllocator(HandlerMemory* m) : memory{m} {}
  template <class U>
  HandlerAllocator(const HandlerAllocator<U>& other) : memory{other.memory} {}
  T* allocate(std::size_t n) { return static_cast<T*>(memory->allocate(n * sizeof(T))); }
  void deallocate(T* p, std::size_t) { memory->deallocate(p); }
  template <class U>
  bool operator==(const HandlerAllocator<U>& other) const {
    return memory == other.memory;
  }
};

}  // namespace

// Outlives the Socket while Asio still holds a wait: the wait carries a reference.
struct Socket::State {
  State(Loop& loop, int fd) : descriptor{loop.backend().context, fd} {}

  void add_reference() { ++references; }
  void release() {
    if (--references == 0) delete this;
  }
  void wait(bool for_reading);

  boost::asio::posix::basic_stream_descriptor<Loop::Backend::Executor> descriptor;
  Events* events = nullptr;
  HandlerMemory memory[2];
  bool waiting[2] = {false, false};
  int references = 1;
};

namespace {

template <class StatePointer>
struct Waiter {
  StatePointer state;
  bool for_reading;

  using allocator_type = HandlerAllocator<std::byte>;
  allocator_type get_allocator() const noexcept {
    return allocator_type{&state->memory[for_reading ? 0 : 1]};
  }

  Waiter(StatePointer s, bool reading) : state{s}, for_reading{reading} { state->add_reference(); }
  Waiter(Waiter&& other) noexcept
      : state{std::exchange(other.state, nullptr)}, for_reading{other.for_reading} {}
  Waiter(const Waiter& other) : state{other.state}, for_reading{other.for_reading} {
    if (state) state->add_reference();
  }
  Waiter& operator=(const Waiter&) = delete;
  ~Waiter() {
    if (state) state->release();
  }

  void operator()(const boost::system::error_code& error) {
    state->waiting[for_reading ? 0 : 1] = false;
    if (error == boost::asio::error::operation_aborted || !state->events) return;
    for_reading ? state->events->readable() : state->events->writable();
  }
};

}  // namespace

void Socket::State::wait(bool for_reading) {
  bool& pending = waiting[for_reading ? 0 : 1];
  if (pending || !descriptor.is_open()) return;
  pending = true;
  descriptor.async_wait(for_reading ? boost::asio::posix::descriptor_base::wait_read
                                    : boost::asio::posix::descriptor_base::wait_write,
                        Waiter<State*>{this, for_reading});
}

Socket::Socket(Loop& loop, int fd) {
  ::fcntl(fd, F_SETFL, ::fcntl(fd, F_GETFL) | O_NONBLOCK);
  const int on = 1;
  ::setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
  state_ = new State{loop, fd};
}

Socket::Socket(Socket&& other) noexcept : state_{std::exchange(other.state_, nullptr)} {}

Socket& Socket::operator=(Socket&& other) noexcept {
  if (this != &other) {
    close();
    state_ = std::exchange(other.state_, nullptr);
  }
  return *this;
}

Socket::~Socket() {
  close();
}

void Socket::set_events(Events& events) {
  if (state_) state_->events = &events;
}

void Socket::await_readable() {
  if (state_) state_->wait(true);
}

void Socket::await_writable() {
  if (state_) state_->wait(false);
}

int Socket::fd() const {
  return state_ ? state_->descriptor.native_handle() : -1;
}

void Socket::shutdown_send() {
  if (state_) ::shutdown(fd(), SHUT_WR);
}

void Socket::close() {
  if (!state_) return;
  State* const state = std::exchange(state_, nullptr);
  state->events = nullptr;
  boost::system::error_code ignored;
  state->descriptor.close(ignored);
  state->release();
}

}  // namespace ondol
