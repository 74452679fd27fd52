#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>
#include <utility>

namespace ondol::websocket {

enum class Opcode : std::uint8_t {
  continuation = 0x0,
  text = 0x1,
  binary = 0x2,
  close = 0x8,
  ping = 0x9,
  pong = 0xA,
};

inline constexpr std::size_t kMaxServerHeader = 10;

// The header of an unmasked, final frame (RFC 6455 §5.2), written so that it ends at `end`; answers
// its length.
std::size_t write_header_before(char* end, Opcode opcode, std::uint64_t payload_size,
                                bool compressed = false);

// One message's payload with its frame header in front, immutable after it was made and shared by
// every session of one loop that it goes to. The count is not atomic: a block is made, used and
// released on one loop. Blocks are recycled per loop, so a fan-out allocates nothing once it is
// warm.
class FrameBlock {
 public:
  // One reference; fill payload_data() at once.
  static FrameBlock* make(Opcode opcode, std::size_t payload_size);

  char* payload_data() { return bytes() + kMaxServerHeader; }
  std::string_view payload() const { return {bytes() + kMaxServerHeader, payload_size_}; }
  std::string_view framed() const {
    return {bytes() + kMaxServerHeader - header_size_, header_size_ + payload_size_};
  }
  Opcode opcode() const { return opcode_; }
  // Of the message before it was compressed (LM-9).
  std::size_t message_size() const { return message_size_; }

  // The same message compressed for sessions that agreed to this window (RFC 7692); made when it is
  // first asked for, and kept with this block. This block itself if it would not be smaller.
  FrameBlock& deflated(int window_bits);

  void add_reference() { ++references_; }
  void release() {
    if (--references_ == 0) recycle();
  }

 private:
  FrameBlock() = default;
  char* bytes() { return reinterpret_cast<char*>(this + 1); }
  const char* bytes() const { return reinterpret_cast<const char*>(this + 1); }
  void recycle();

  friend class FrameBlockPool;
  FrameBlock* next_free_ = nullptr;
  FrameBlock* deflated_ = nullptr;  // this very block: would not be smaller
  std::size_t payload_size_ = 0;
  std::size_t message_size_ = 0;
  std::uint32_t references_ = 1;
  std::uint8_t size_class_ = 0;
  std::uint8_t header_size_ = 0;
  std::uint8_t deflated_bits_ = 0;
  Opcode opcode_ = Opcode::text;
};

// A reference to a block; empty when default-made.
class FrameRef {
 public:
  FrameRef() = default;
  explicit FrameRef(FrameBlock* owned) : block_{owned} {}
  FrameRef(const FrameRef& other) : block_{other.block_} {
    if (block_) block_->add_reference();
  }
  FrameRef(FrameRef&& other) noexcept : block_{std::exchange(other.block_, nullptr)} {}
  FrameRef& operator=(FrameRef other) noexcept {
    std::swap(block_, other.block_);
    return *this;
  }
  ~FrameRef() {
    if (block_) block_->release();
  }

  static FrameRef copy_of(Opcode opcode, std::string_view payload);
  static FrameRef joined(Opcode opcode, std::string_view head, std::string_view tail);

  explicit operator bool() const { return block_ != nullptr; }
  FrameBlock* operator->() const { return block_; }

  // See FrameBlock::deflated().
  FrameRef deflated(int window_bits) const {
    FrameBlock& block = block_->deflated(window_bits);
    block.add_reference();
    return FrameRef{&block};
  }

 private:
  FrameBlock* block_ = nullptr;
};

}  // namespace ondol::websocket
