#pragma once

#include <functional>

#include <apps/chat/talk/chat_message.hpp>

namespace chat {

// Told every message, right after it became durable and in the order of the commits, so in the
// order of seq within a room (CH-22, CH-24). Called on a thread of the storage; must not throw nor
// wait. Set once, before the first request.
using CommittedMessages = std::function<void(const ChatMessage&)>;

}  // namespace chat
