#pragma once

#include <cstdint>

#include <ondol/runtime/socket.hpp>

namespace ondol {

// What the poller knows of a socket. It outlives the Socket until the end of the turn, so that
// events which were fetched already find it.
struct Socket::State {
  State(Loop& of, int descriptor) : loop{of}, fd{descriptor} {}

  // What epoll told; answers by calling who waits.
  void happened(std::uint32_t what);
  void call_readable();

  Loop& loop;
  int fd;
  Events* events = nullptr;
  Place* place = nullptr;
  bool readable = false;  // something may be there to read
  bool ended = false;     // the peer has ended: readable for ever
  bool awaits_readable = false;
  bool awaits_writable = false;
  bool called_again = false;  // is in the poller's list for the next turn
};

}  // namespace ondol
