#include <ondol/websocket/outbox.hpp>

#include <sys/socket.h>
#include <sys/uio.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <string_view>
#include <utility>

namespace ondol::websocket {
namespace {

// Pieces of one sendmsg(): a message whose subscription id is its own takes three, so this is 85 of
// those.
constexpr std::size_t kMaxGathered = 256;
constexpr std::size_t kKeptEntries = 64;  // capacity that an idle session may keep

}  // namespace

void Outbox::push(FrameRef whole, bool droppable) {
  octets_ += whole->message_size();
  Entry& entry = entries_.emplace_back();
  entry.head = std::move(whole);
  entry.droppable = droppable;
}

void Outbox::push(Opcode opcode, FrameRef head, FrameRef tail, bool droppable) {
  Entry& entry = entries_.emplace_back();
  entry.head = std::move(head);
  entry.tail = std::move(tail);
  entry.droppable = droppable;
  char* const end = entry.header + kMaxServerHeader;
  entry.header_size =
      static_cast<std::uint8_t>(write_header_before(end, opcode, entry.payload_size()));
  std::memmove(entry.header, end - entry.header_size, entry.header_size);
  octets_ += entry.message_size();
}

std::size_t Outbox::drop_oldest(std::size_t limit) {
  std::size_t dropped = 0;
  auto candidate = first_ + (half_written() ? 1 : 0);
  while (octets_ > limit) {
    while (candidate < entries_.size() && !entries_[candidate].droppable) ++candidate;
    if (candidate >= entries_.size()) break;
    octets_ -= entries_[candidate].message_size();
    // Those that stay in front of it move up, mostly none or one.
    const auto at = entries_.begin() + static_cast<std::ptrdiff_t>(candidate);
    std::move_backward(entries_.begin() + static_cast<std::ptrdiff_t>(first_), at, at + 1);
    entries_[first_] = {};
    ++first_;
    ++candidate;
    ++dropped;
  }
  compact();
  return dropped;
}

std::size_t Outbox::drop_newest(std::size_t limit) {
  std::size_t dropped = 0;
  while (octets_ > limit && entries_.back().droppable && !(half_written() && count() == 1)) {
    octets_ -= entries_.back().message_size();
    entries_.pop_back();
    ++dropped;
  }
  compact();
  return dropped;
}

Outbox::Flushed Outbox::flush(int fd) {
  while (!empty()) {
    std::array<iovec, kMaxGathered> pieces;
    std::size_t count = 0;
    std::size_t total = 0;
    std::size_t skip = written_;
    const auto add = [&](std::string_view piece) {
      if (skip >= piece.size()) {
        skip -= piece.size();
        return;
      }
      piece.remove_prefix(skip);
      skip = 0;
      pieces[count++] = {const_cast<char*>(piece.data()), piece.size()};
      total += piece.size();
    };
    for (auto i = first_; i < entries_.size() && count + 3 <= kMaxGathered; ++i) {
      const Entry& entry = entries_[i];
      if (entry.tail) {
        add({entry.header, entry.header_size});
        add(entry.head->payload());
        add(entry.tail->payload());
      } else {
        add(entry.head->framed());
      }
    }
    msghdr message{};
    message.msg_iov = pieces.data();
    message.msg_iovlen = count;
    const auto sent = ::sendmsg(fd, &message, MSG_NOSIGNAL | MSG_DONTWAIT);
    if (sent < 0) {
      if (errno == EINTR) continue;
      return errno == EAGAIN || errno == EWOULDBLOCK ? Flushed::blocked : Flushed::broken;
    }
    take_off(static_cast<std::size_t>(sent));
    if (static_cast<std::size_t>(sent) < total) return Flushed::blocked;
  }
  return Flushed::everything;
}

void Outbox::take_off(std::size_t sent) {
  written_ += sent;
  while (first_ < entries_.size() && written_ >= entries_[first_].wire_size()) {
    Entry& entry = entries_[first_++];
    written_ -= entry.wire_size();
    octets_ -= entry.message_size();
    entry.head = {};
    entry.tail = {};
  }
  compact();
}

void Outbox::compact() {
  if (empty()) {
    entries_.clear();
    first_ = 0;
    if (entries_.capacity() > kKeptEntries) entries_.shrink_to_fit();
  } else if (first_ > 1024 && first_ * 2 > entries_.size()) {
    entries_.erase(entries_.begin(), entries_.begin() + static_cast<std::ptrdiff_t>(first_));
    first_ = 0;
  }
}

void Outbox::clear() {
  entries_ = {};
  first_ = written_ = octets_ = 0;
}

}  // namespace ondol::websocket
