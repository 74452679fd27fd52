#pragma once

#include <memory>

namespace ondol {

class Loop;

// Readiness of one connected, non-blocking stream socket. Reading and writing is the owner's, with
// recv and sendmsg on fd(). Lives on the loop it was made on.
class Socket {
 public:
  // Each await_…() leads to at most one call. After close() or destruction nothing is called any
  // more.
  class Events {
   public:
    virtual ~Events() = default;
    virtual void readable() = 0;
    virtual void writable() = 0;
  };

  Socket() = default;
  Socket(Loop& loop, int fd);  // takes the descriptor over; sets O_NONBLOCK and TCP_NODELAY
  Socket(Socket&&) noexcept;
  Socket& operator=(Socket&&) noexcept;
  ~Socket();

  // Who is called from now on; may change hands, as when a connection is upgraded.
  void set_events(Events& events);
  void await_readable();
  void await_writable();

  int fd() const;  // -1 when closed
  bool open() const { return fd() >= 0; }
  void shutdown_send();
  void close();

 private:
  struct State;
  State* state_ = nullptr;
};

}  // namespace ondol
