#pragma once

#include <string>
#include <vector>

#include <ondol/bind/pattern.hpp>
#include <ondol/messaging/channel.hpp>

namespace ondol::messaging {

// The built-in guard (IC-12), to be registered after authentication. A refusal is Error 4030; the
// session stays.
class DestinationGuard final : public ChannelInterceptor {
 public:
  struct Options {
    // Clients may SEND only below these; empty: anywhere.
    std::vector<std::string> send_prefixes;
    // Clients may SUBSCRIBE only to what one of these matches; empty: anything.
    std::vector<std::string> subscribe_patterns;
    // Refuse destinations that are patterns themselves (BR-18).
    bool deny_patterns = false;
  };

  explicit DestinationGuard(const Options& options);

  bool before_send(Message& message) override;

 private:
  std::vector<std::string> send_prefixes_;
  std::vector<bind::Pattern> subscribe_patterns_;
  bool deny_patterns_;
};

}  // namespace ondol::messaging
