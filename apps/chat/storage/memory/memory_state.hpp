#pragma once

#include <cstdint>
#include <map>
#include <mutex>
#include <optional>
#include <string>
#include <unordered_map>
#include <utility>
#include <vector>

#include <apps/chat/member/member_repository.hpp>
#include <apps/chat/member/refresh_token_repository.hpp>
#include <apps/chat/room/room.hpp>
#include <apps/chat/talk/committed_messages.hpp>

namespace chat::memory {

struct StoredMember {
  Member member;
  std::string password_hash;
};

enum class TokenState : std::uint8_t { live, rotated, revoked };

struct StoredToken {
  RefreshToken token;
  TokenState state = TokenState::live;
};

struct Membership {
  MemberId member_id;
  Seq last_read_seq = 0;
  bool muted = false;
  std::optional<Seq> hidden_at_seq;  // the room stays hidden while this is its newest message
};

struct Room {
  RoomNo room_no;
  bool direct = false;
  bool closed = false;
  std::optional<std::string> title;
  MemberId owner_id;
  std::int64_t activity = 0;  // grows with every message of the store: the order of room lists
  std::vector<Membership> members;  // who joined first comes first
  std::vector<ChatMessage>
      messages;  // the message with seq n at n - 1; names and counts are filled in when read
  std::map<std::pair<MemberId, std::string>, Seq> sent;  // by client id in lower case (CH-23)

  Seq last_seq() const { return static_cast<Seq>(messages.size()); }
  Membership* find(MemberId member);
  const Membership* find(MemberId member) const;
};

// Everything that the adapters share. Guarded by `mutex`, which is never held across a co_await.
struct State {
  std::mutex mutex;
  bool stopped = false;
  std::map<MemberId, StoredMember> members;
  std::map<std::string, MemberId> by_login;  // in lower case
  std::map<std::string, StoredToken> tokens;
  std::map<RoomNo, Room> rooms;
  std::map<std::pair<MemberId, MemberId>, RoomNo> pairs;  // direct rooms, the smaller id first
  std::int64_t activity = 0;
  CommittedMessages committed = [](const ChatMessage&) {};

  // All of these are called with the mutex held, and throw the failures of the ports.
  void require_running() const;
  Room& open_room(RoomNo room);
  Membership& membership(Room& room, MemberId member);
  MemberName name_of(MemberId member) const;
  void require_known(MemberId member) const;

  // Gives the message its seq, its time and its place, and moves the room to the top of the lists.
  Seq add_message(Room& room, ChatMessage message);
  // As it is shown: with present names and the present unread count.
  ChatMessage shown(const Room& room, Seq seq) const;
};

// Locks the state for one operation; Error 5030 once the storage has stopped.
class Access {
 public:
  explicit Access(State& state) : lock_{state.mutex} { state.require_running(); }

 private:
  std::lock_guard<std::mutex> lock_;
};

}  // namespace chat::memory
