#include <ondol/messaging/channel.hpp>

namespace ondol::messaging {

Task<bool> InboundChannel::receive(Message& message) const {
  std::vector<ChannelInterceptor*> passed;
  bool go_on = true;
  std::exception_ptr failure;
  try {
    for (const Entry& entry : entries_) {
      if (entry.waiting) {
        go_on = co_await entry.waiting->before_send(message);
      } else {
        go_on = entry.plain->before_send(message);
        if (go_on) passed.push_back(entry.plain);
      }
      if (!go_on) break;
    }
  } catch (...) {
    failure = std::current_exception();
    go_on = false;
  }
  while (!passed.empty()) {
    passed.back()->completed(message, go_on);
    passed.pop_back();
  }
  if (failure) std::rethrow_exception(failure);
  co_return go_on;
}

}  // namespace ondol::messaging
