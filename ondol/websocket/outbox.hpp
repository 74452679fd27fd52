#pragma once

#include <cstddef>
#include <vector>

#include <ondol/websocket/frame_block.hpp>

namespace ondol::websocket {

// What waits to be written to one socket, in order. A message is one shared block, or a head and a
// tail block that differ in who shares them, with a frame header of its own. Lives on its session's
// loop.
class Outbox {
 public:
  void push(FrameRef whole);
  void push(Opcode opcode, FrameRef head, FrameRef tail);

  enum class Flushed { everything, blocked, broken };

  // Writes as much as the socket takes, many messages with one sendmsg().
  Flushed flush(int fd);

  bool empty() const { return first_ == entries_.size(); }
  std::size_t count() const { return entries_.size() - first_; }
  std::size_t octets() const { return octets_; }  // payload octets waiting (LM-9)
  bool half_written() const { return written_ > 0; }
  void clear();

 private:
  struct Entry {
    FrameRef head;
    FrameRef tail;  // empty: `head` is a whole frame
    std::uint8_t header_size = 0;
    char header[kMaxServerHeader];

    std::size_t payload_size() const {
      return head->payload().size() + (tail ? tail->payload().size() : 0);
    }
    std::size_t wire_size() const {
      return tail ? header_size + payload_size() : head->framed().size();
    }
  };

  void take_off(std::size_t written);

  std::vector<Entry> entries_;
  std::size_t first_ = 0;
  std::size_t written_ = 0;  // octets of the first entry that are already gone
  std::size_t octets_ = 0;
};

}  // namespace ondol::websocket
