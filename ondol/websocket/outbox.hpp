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
  void push(FrameRef whole, bool droppable = false);
  void push(Opcode opcode, FrameRef head, FrameRef tail, bool droppable = false);

  // Take droppable messages away until at most `limit` octets wait: from the oldest on, or from the
  // newest back to the first that must arrive. Never one that is half written. Answer how many were
  // taken.
  std::size_t drop_oldest(std::size_t limit);
  std::size_t drop_newest(std::size_t limit);

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
    bool droppable = false;
    char header[kMaxServerHeader] = {};

    std::size_t payload_size() const {
      return head->payload().size() + (tail ? tail->payload().size() : 0);
    }
    std::size_t message_size() const { return tail ? payload_size() : head->message_size(); }
    std::size_t wire_size() const {
      return tail ? header_size + payload_size() : head->framed().size();
    }
  };

  void take_off(std::size_t written);
  void compact();

  std::vector<Entry> entries_;
  std::size_t first_ = 0;
  std::size_t written_ = 0;  // octets of the first entry that are already gone
  std::size_t octets_ = 0;
};

}  // namespace ondol::websocket
