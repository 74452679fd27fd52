#include <ondol/gateway/fanout.hpp>

#include <charconv>
#include <cstdint>
#include <cstring>
#include <memory>
#include <string>
#include <vector>

#include <ondol/base/utf8.hpp>
#include <ondol/gateway/stomp_session.hpp>
#include <ondol/log/logger.hpp>
#include <ondol/stomp/encoder.hpp>

namespace ondol::gateway {
namespace {

constexpr log::Logger kLog{"ondol.gateway"};

using websocket::FrameBlock;
using websocket::FrameRef;
using websocket::Opcode;

// Kept with a subscription id: the beginning of its frames, and the frame of the publication that
// is being delivered.
struct TagFrames final : messaging::SubscriptionTag::Attachment {
  FrameRef prefix;
  FrameRef whole;
  std::uint64_t publication = 0;
};

TagFrames& frames_of(messaging::SubscriptionTag& tag) {
  if (!tag.attachment) {
    auto frames = std::make_unique<TagFrames>();
    std::string prefix = "MESSAGE\n";
    stomp::append_header(prefix, "subscription", tag.id, true);
    frames->prefix = FrameRef::copy_of(Opcode::text, prefix);
    tag.attachment = std::move(frames);
  }
  return static_cast<TagFrames&>(*tag.attachment);
}

void append_number(std::string& out, std::size_t number) {
  char digits[20];
  const auto end = std::to_chars(digits, digits + sizeof digits, number).ptr;
  out.append(digits, end);
}

std::string_view visible_destination(const messaging::Message& message) {
  return message.original_destination.empty() ? message.destination : message.original_destination;
}

// Everything of the frame behind the subscription header.
void append_tail(std::string& out, const messaging::Message& message) {
  stomp::append_header(out, "destination", visible_destination(message), true);
  bool has_type = false;
  for (const auto& [name, value] : message.native) {
    if (name == "content-length" || name == "destination") continue;
    has_type = has_type || name == "content-type";
    stomp::append_header(out, name, value, true);
  }
  if (!has_type && !message.content_type.empty()) {
    stomp::append_header(out, "content-type", message.content_type, true);
  }
  out += "content-length:";
  append_number(out, message.body.size());
  out += "\n\n";
  out += message.body;
  out += '\0';
}

Opcode opcode_of(const messaging::Message& message, std::string_view tail) {
  // ST-49: octets go as binary; ST-50: so does what is no UTF-8.
  if (!message.body.empty() && message.content_type.starts_with("application/octet-stream"))
    return Opcode::binary;
  return is_valid_utf8(tail) ? Opcode::text : Opcode::binary;
}

// The outbound interceptors see, and may change, each message for each subscriber.
void deliver_intercepted(const messaging::Message& message,
                         std::span<messaging::Subscription* const> to,
                         const messaging::Channel& outbound) {
  for (const auto* subscription : to) {
    messaging::Message copy = message;
    try {
      outbound.pass(copy, [&](const messaging::Message& passed) {
        subscription->session->reply_once(passed, subscription->tag->id);
      });
    } catch (const std::exception& e) {
      kLog.error("an outbound interceptor failed: {}", e.what());  // IC-13
    }
  }
}

}  // namespace

void Fanout::deliver(const messaging::Message& message,
                     std::span<messaging::Subscription* const> to) {
  if (!outbound_.empty()) return deliver_intercepted(message, to, outbound_);

  thread_local std::string scratch;
  thread_local std::uint64_t publication = 0;
  thread_local std::vector<TagFrames*> used;
  scratch.clear();
  append_tail(scratch, message);
  const auto opcode = opcode_of(message, scratch);
  ++publication;

  FrameRef tail;
  for (const auto* subscription : to) {
    auto& session = static_cast<StompSession&>(*subscription->session);
    TagFrames& frames = frames_of(*subscription->tag);
    if (subscription->tag->references > 1) {
      if (frames.publication != publication) {
        frames.publication = publication;
        frames.whole = FrameRef::joined(opcode, frames.prefix->payload(), scratch);
        used.push_back(&frames);
      }
      session.deliver(frames.whole);
    } else {
      if (!tail) tail = FrameRef::copy_of(opcode, scratch);
      session.deliver(opcode, frames.prefix, tail);
    }
  }
  for (auto* frames : used) frames->whole = {};
  used.clear();
}

stomp::Frame message_frame(const messaging::Message& message, std::string_view subscription_id) {
  stomp::Frame frame;
  frame.command = stomp::Command::message;
  frame.headers = message.native;
  frame.headers.set("destination", visible_destination(message));
  if (!frame.headers.first("content-type") && !message.content_type.empty()) {
    frame.headers.set("content-type", message.content_type);
  }
  frame.headers.set("subscription", subscription_id);
  frame.body = message.body;
  return frame;
}

FrameRef to_websocket(const stomp::Frame& frame) {
  return FrameRef::copy_of(stomp::goes_as_binary(frame) ? Opcode::binary : Opcode::text,
                           stomp::encode(frame));
}

}  // namespace ondol::gateway
