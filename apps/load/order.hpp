#pragma once

#include <cstdint>
#include <vector>

namespace load {

// Whether one receiver hears each sender's messages, numbered 0, 1, 2 …, once and in order. What is
// skipped counts as missing until it comes after all; then it is out of order.
class OrderCheck {
 public:
  explicit OrderCheck(std::size_t senders) : senders_(senders) {}

  void heard(std::size_t sender, std::uint64_t number);
  // Against how many each sender has sent; `sent` has one number a sender.
  std::uint64_t lost(const std::vector<std::uint64_t>& sent) const;

  std::uint64_t received() const { return received_; }
  std::uint64_t doubled() const { return doubled_; }
  std::uint64_t out_of_order() const { return out_of_order_; }

 private:
  struct Sender {
    std::uint64_t next = 0;
    std::vector<std::uint64_t> missing;  // below `next`; empty while all is well
    std::uint64_t distinct = 0;
  };
  std::vector<Sender> senders_;
  std::uint64_t received_ = 0;
  std::uint64_t doubled_ = 0;
  std::uint64_t out_of_order_ = 0;
};

}  // namespace load
