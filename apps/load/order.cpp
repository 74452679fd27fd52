#include <apps/load/order.hpp>

#include <algorithm>

namespace load {
namespace {

// A gap larger than this is a server that lost its mind: its numbers are not kept one by one.
constexpr std::uint64_t kMaxMissing = 1'000'000;

}  // namespace

void OrderCheck::heard(std::size_t sender, std::uint64_t number) {
  ++received_;
  if (sender >= senders_.size()) {
    ++out_of_order_;
    return;
  }
  auto& from = senders_[sender];
  if (number == from.next) {
    ++from.next;
    ++from.distinct;
    return;
  }
  if (number > from.next) {
    for (auto i = from.next; i < number && from.missing.size() < kMaxMissing; ++i) {
      from.missing.push_back(i);
    }
    from.next = number + 1;
    ++from.distinct;
    return;
  }
  const auto missing = std::ranges::find(from.missing, number);
  if (missing == from.missing.end()) {
    ++doubled_;
    return;
  }
  from.missing.erase(missing);
  ++from.distinct;
  ++out_of_order_;
}

std::uint64_t OrderCheck::lost(const std::vector<std::uint64_t>& sent) const {
  std::uint64_t lost = 0;
  for (std::size_t i = 0; i < senders_.size() && i < sent.size(); ++i) {
    lost += sent[i] - std::min(sent[i], senders_[i].distinct);
  }
  return lost;
}

}  // namespace load
