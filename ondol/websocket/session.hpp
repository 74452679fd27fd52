#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include <ondol/websocket/close_status.hpp>
#include <ondol/websocket/frame_block.hpp>

namespace ondol::websocket {

// What may become of a message when the reader is too slow (Limits::overflow).
enum class Importance : std::uint8_t {
  must_arrive,  // or the session ends
  droppable,
};

// One transport session: RFC 6455 here; a SockJS transport gives the same. Lives on its loop, and
// so do all calls.
class Session {
 public:
  virtual ~Session() = default;

  // Random, chosen by the server.
  virtual const std::string& id() const = 0;

  // Queued in order; what gathers in a turn of the loop leaves in one write. After close() or a
  // violated limit these do nothing.
  virtual void send(FrameRef message, Importance importance = Importance::must_arrive) = 0;
  // One message in two parts, of which others may share either.
  virtual void send(Opcode opcode, FrameRef head, FrameRef tail,
                    Importance importance = Importance::must_arrive) = 0;

  // Payload octets that the peer has not taken yet.
  virtual std::size_t unsent() const = 0;

  // After what was sent so far. Only the first call counts (CC-14).
  virtual void close(CloseStatus status) = 0;

  // While paused no message is told: back-pressure for handlers that wait. Counted: as many resumes
  // as pauses.
  virtual void pause_reading() = 0;
  virtual void resume_reading() = 0;
};

// What sits on a session. Made by a HandlerFactory for each session; destroyed after closed().
class Handler {
 public:
  virtual ~Handler() = default;
  virtual void opened(Session& session) = 0;
  // `message` is good until the call returns.
  virtual void message(std::string_view message, bool binary) = 0;
  // Something arrived that may be no whole message yet.
  virtual void received() {}
  // So many messages were dropped for this reader (LM-5); told once it has taken all that waited.
  virtual void dropped(std::size_t messages) { (void)messages; }
  // Once, whatever the reason; the session must not be used any more.
  virtual void closed(const CloseStatus& status) noexcept = 0;
};

}  // namespace ondol::websocket
