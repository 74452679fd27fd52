#pragma once

#include <sys/types.h>

#include <cstddef>

namespace ondol {

class Loop;

// Readiness of one connected, non-blocking stream socket, or of a listening one. Writing is the
// owner's, with sendmsg on fd(). Lives on the loop it was made on.
class Socket {
 public:
  // Each await_…() leads to at most one call, never from within await_…() itself. After close() or
  // destruction nothing is called any more. What they throw is logged.
  class Events {
   public:
    virtual ~Events() = default;
    virtual void readable() = 0;
    virtual void writable() = 0;
  };

  // Is told once that its socket has been closed. One object may be the place of many sockets.
  class Place {
   public:
    virtual ~Place() = default;
    virtual void left() = 0;
  };

  Socket() = default;
  // Takes the descriptor over; sets O_NONBLOCK and TCP_NODELAY. Throws std::system_error, the
  // descriptor closed, when it cannot be watched.
  Socket(Loop& loop, int fd);
  Socket(Socket&&) noexcept;
  Socket& operator=(Socket&&) noexcept;
  ~Socket();

  // Stays with the socket when that changes hands. Once.
  void take_place(Place& place);
  // Who is called from now on; may change hands, as when a connection is upgraded.
  void set_events(Events& events);
  void await_readable();
  // After a write that took less than it was given: at other times the call may never come.
  void await_writable();

  // recv(2): octets, 0 at the end, -1 with errno. Notes when nothing is left.
  ssize_t read(char* to, std::size_t size);
  // For who takes otherwise, as accept(2) does: nothing is left for now.
  void drained();

  int fd() const;  // -1 when closed
  bool open() const { return fd() >= 0; }
  void shutdown_send();
  void close();

 private:
  friend class Poller;
  struct State;
  State* state_ = nullptr;
};

}  // namespace ondol
