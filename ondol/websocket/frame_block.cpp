#include <ondol/websocket/frame_block.hpp>

#include <array>
#include <cstring>
#include <new>

#include <ondol/websocket/deflate/codec.hpp>

namespace ondol::websocket {

std::size_t write_header_before(char* end, Opcode opcode, std::uint64_t payload_size,
                                bool compressed) {
  const auto first = static_cast<char>(0x80 | (compressed ? 0x40 : 0) | static_cast<int>(opcode));
  if (payload_size < 126) {
    end[-2] = first;
    end[-1] = static_cast<char>(payload_size);
    return 2;
  }
  const int octets = payload_size <= 0xFFFF ? 2 : 8;
  for (int i = 1; i <= octets; ++i) {
    end[-i] = static_cast<char>(payload_size & 0xFF);
    payload_size >>= 8;
  }
  end[-octets - 1] = static_cast<char>(octets == 2 ? 126 : 127);
  end[-octets - 2] = first;
  return static_cast<std::size_t>(octets) + 2;
}

// The free blocks of one thread, by size class: 256 octets, then each four times the one before.
// Larger blocks are not kept.
class FrameBlockPool {
 public:
  static constexpr std::array<std::size_t, 5> kSizes{256, 1024, 4096, 16'384, 65'536};
  static constexpr std::array<std::size_t, 5> kMaxFree{4096, 1024, 256, 64, 16};
  static constexpr std::uint8_t kUnpooled = kSizes.size();  // larger than all

  static FrameBlockPool& here() {
    thread_local FrameBlockPool pool;
    return pool;
  }

  ~FrameBlockPool() {
    for (auto* block : free_) {
      while (block) ::operator delete(std::exchange(block, block->next_free_));
    }
  }

  FrameBlock* take(std::size_t octets) {
    for (std::uint8_t i = 0; i < kUnpooled; ++i) {
      if (octets > kSizes[i]) continue;
      if (FrameBlock* block = free_[i]) {
        free_[i] = block->next_free_;
        --count_[i];
        return new (block) FrameBlock;
      }
      return make(i, kSizes[i]);
    }
    return make(kUnpooled, octets);
  }

  static std::uint8_t size_class(std::size_t octets) {
    for (std::uint8_t i = 0; i < kUnpooled; ++i) {
      if (octets <= kSizes[i]) return i;
    }
    return kUnpooled;
  }

  void give_back(FrameBlock* block) {
    const auto i = block->size_class_;
    if (i == kUnpooled || count_[i] >= kMaxFree[i]) {
      ::operator delete(block);
      return;
    }
    block->next_free_ = free_[i];
    free_[i] = block;
    ++count_[i];
  }

 private:
  static FrameBlock* make(std::uint8_t, std::size_t octets) {
    return new (::operator new(sizeof(FrameBlock) + octets)) FrameBlock;
  }

  std::array<FrameBlock*, kSizes.size()> free_{};
  std::array<std::size_t, kSizes.size()> count_{};
};

FrameBlock* FrameBlock::make(Opcode opcode, std::size_t payload_size) {
  const auto octets = payload_size + kMaxServerHeader;
  FrameBlock* block = FrameBlockPool::here().take(octets);
  block->size_class_ = FrameBlockPool::size_class(octets);
  block->payload_size_ = payload_size;
  block->message_size_ = payload_size;
  block->opcode_ = opcode;
  block->header_size_ =
      static_cast<std::uint8_t>(write_header_before(block->payload_data(), opcode, payload_size));
  return block;
}

FrameBlock& FrameBlock::deflated(int window_bits) {
  if (deflated_ && deflated_bits_ == window_bits) return *deflated_;
  if (deflated_ && deflated_ != this) deflated_->release();
  deflated_ = this;
  deflated_bits_ = static_cast<std::uint8_t>(window_bits);
  const auto packed = deflate_message(payload(), window_bits);
  if (packed.empty()) return *this;
  deflated_ = make(opcode_, packed.size());
  std::memcpy(deflated_->payload_data(), packed.data(), packed.size());
  write_header_before(deflated_->payload_data(), opcode_, packed.size(), true);
  deflated_->message_size_ = message_size_;
  return *deflated_;
}

void FrameBlock::recycle() {
  if (deflated_ && deflated_ != this) deflated_->release();
  FrameBlockPool::here().give_back(this);
}

FrameRef FrameRef::copy_of(Opcode opcode, std::string_view payload) {
  return joined(opcode, payload, {});
}

FrameRef FrameRef::joined(Opcode opcode, std::string_view head, std::string_view tail) {
  FrameRef frame{FrameBlock::make(opcode, head.size() + tail.size())};
  char* const to = frame->payload_data();
  if (!head.empty()) std::memcpy(to, head.data(), head.size());
  if (!tail.empty()) std::memcpy(to + head.size(), tail.data(), tail.size());
  return frame;
}

}  // namespace ondol::websocket
