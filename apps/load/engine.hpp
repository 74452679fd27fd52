#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace load {

class Engine;

// One non-blocking connection to the server. What is written in a turn leaves with one send.
class Connection {
 public:
  explicit Connection(Engine& engine) : engine_{engine} {}
  Connection(const Connection&) = delete;
  Connection& operator=(const Connection&) = delete;
  virtual ~Connection();

  // Begins to connect, from the loopback address 127.0.0.2 + `source` if that is not negative;
  // connected() or lost() follows. Many addresses have more ports than one.
  void open(const std::string& host, std::uint16_t port, int source = -1);
  void write(std::string_view octets);
  // With a reset instead of a FIN, if so asked.
  void close(bool reset = false);
  bool is_open() const { return fd_ >= 0; }
  // A reader that never reads.
  void stop_reading();

 protected:
  virtual void connected() = 0;
  // Answers how many octets of the front it used up.
  virtual std::size_t received(std::string_view octets) = 0;
  // The connection is gone, whoever closed it; not after close().
  virtual void lost(const std::string& why) = 0;

  Engine& engine() const { return engine_; }

 private:
  friend class Engine;
  void ready(std::uint32_t events);
  void read();
  void flush();
  void end(const std::string& why);

  Engine& engine_;
  int fd_ = -1;
  bool connecting_ = false;
  bool reading_ = true;
  bool queued_ = false;
  bool wants_writable_ = false;
  std::string out_;
  std::string rest_;  // octets of a frame that is not whole yet
};

// The loop of the generator: one thread, epoll.
class Engine {
 public:
  Engine();
  ~Engine();
  Engine(const Engine&) = delete;
  Engine& operator=(const Engine&) = delete;

  static std::uint64_t now();  // nanoseconds, steady

  // At that time, on the loop. A time in the past means the next turn.
  void at(std::uint64_t when, std::function<void()> work) {
    timers_.emplace(when, std::move(work));
  }

  // Turns until `done` or the time is there; answers whether it was done.
  bool run_until(const std::function<bool()>& done, std::uint64_t deadline);

 private:
  friend class Connection;
  void turn(std::uint64_t deadline);

  int epoll_;
  std::multimap<std::uint64_t, std::function<void()>> timers_;
  std::vector<Connection*> to_flush_;
  std::vector<char> buffer_;
  std::vector<Connection*> gone_;  // closed in this turn: events of theirs may still be in hand
};

}  // namespace load
