#pragma once

#include <sys/types.h>

#include <cstddef>
#include <cstdint>
#include <string>

#include <apps/load/client.hpp>

namespace load {

// What the command line says. Times are seconds.
struct Options {
  Target target;

  std::size_t size = 128;  // octets of a message's body
  std::size_t subscribers = 1000;
  std::size_t publishers = 1;
  std::size_t stalled = 0;  // subscribers besides, who never read
  std::size_t rooms = 1000;
  std::size_t members = 2;
  std::size_t connections = 10'000;
  std::size_t concurrency = 64;  // connections being set up at once
  std::size_t senders = 16;
  std::size_t window = 1;  // messages in flight: in all, in a room, of a sender, of a connection
  double rate = 0;         // messages a second in all; 0: closed loop
  bool distinct_ids = false;
  bool heart_beats = false;
  std::string storm_until = "connected";
  bool reset = false;
  int sources = 1;

  std::string method = "GET";
  std::size_t body_size = 0;

  double settle = 0.5;
  double warm_up = 1;
  double duration = 5;
  double drain = 3;
  double hold = 1;
  double timeout = 30;  // until all are connected

  pid_t server_pid = 0;
  bool server_children = false;
  std::uint64_t seed = 1;
  std::string label;
  bool json = false;
  bool quiet = false;
};

}  // namespace load
