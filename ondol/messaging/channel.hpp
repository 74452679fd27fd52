#pragma once

#include <string>
#include <vector>

#include <ondol/messaging/message.hpp>
#include <ondol/runtime/task.hpp>

namespace ondol::messaging {

// Sees what passes a channel, in the order of registration (IC-1 to IC-7). Shared by all loops:
// keep it stateless.
class ChannelInterceptor {
 public:
  virtual ~ChannelInterceptor() = default;

  // May change the message in place. False stops it silently; what is thrown goes to the error
  // handling of the one who sent.
  virtual bool before_send(Message& message) = 0;

  // Always called for those whose before_send() answered true, in reverse order.
  virtual void completed(const Message& message, bool sent) noexcept { (void)message, (void)sent; }
};

// One that must wait, for a database say. On the inbound channel only: the fan-out never waits.
class AsyncChannelInterceptor {
 public:
  virtual ~AsyncChannelInterceptor() = default;
  virtual Task<bool> before_send(Message& message) = 0;
};

// The client outbound and the broker channel. Interceptors are added before the start; then it is
// read only.
class Channel {
 public:
  void intercept(ChannelInterceptor& interceptor) { interceptors_.push_back(&interceptor); }
  bool empty() const { return interceptors_.empty(); }

  // Runs them all; false when one stopped the message. Calls `send` in between.
  template <class Send>
  bool pass(Message& message, Send&& send) const {
    std::size_t passed = 0;
    bool sent = false;
    try {
      while (passed < interceptors_.size() && interceptors_[passed]->before_send(message)) ++passed;
      sent = passed == interceptors_.size();
      if (sent) send(message);
    } catch (...) {
      complete(message, passed, false);
      throw;
    }
    complete(message, passed, sent);
    return sent;
  }

 private:
  void complete(const Message& message, std::size_t passed, bool sent) const {
    while (passed > 0) interceptors_[--passed]->completed(message, sent);
  }

  std::vector<ChannelInterceptor*> interceptors_;
};

// The client inbound channel: interceptors that wait and such that do not, in one order.
class InboundChannel {
 public:
  void intercept(ChannelInterceptor& interceptor) { entries_.push_back({&interceptor, nullptr}); }
  void intercept(AsyncChannelInterceptor& interceptor) {
    entries_.push_back({nullptr, &interceptor});
  }

  bool empty() const { return entries_.empty(); }

  // Answers whether the message may go on; throws what an interceptor threw.
  Task<bool> receive(Message& message) const;

 private:
  struct Entry {
    ChannelInterceptor* plain;
    AsyncChannelInterceptor* waiting;
  };
  std::vector<Entry> entries_;
};

}  // namespace ondol::messaging
