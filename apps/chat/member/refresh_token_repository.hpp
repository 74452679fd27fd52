#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>

#include <apps/chat/member/member.hpp>
#include <ondol/base/dates.hpp>
#include <ondol/runtime/task.hpp>

namespace chat {

// A refresh token as the storage knows it: the hash of its text, never the text. All tokens that
// came out of one login by rotation share a `family` (CH-3).
struct RefreshToken {
  std::string hash;
  std::string family;
  MemberId member_id;
  ondol::Instant expires_at;
};

enum class RotationOutcome : std::uint8_t {
  rotated,  // the old one is dead, the successor is stored
  unknown,  // never seen, or forgotten after its expiry
  expired,
  revoked,  // its family was revoked before
  reused,   // it was rotated before: its whole family has been revoked by this call (WB-379)
};

struct Rotation {
  RotationOutcome outcome = RotationOutcome::unknown;
  std::optional<RefreshToken>
      token;  // rotated: the successor; unknown: nothing; otherwise the one presented
};

struct Successor {
  std::string hash;
  ondol::Instant expires_at;
};

// A port, as MemberRepository is: threads, durability and Error 5030 as there.
class RefreshTokenRepository {
 public:
  virtual ~RefreshTokenRepository() = default;

  // The first token of a family. Error 4040 when the member is unknown, 4091 when the hash is
  // stored already.
  virtual ondol::Task<void> store(RefreshToken token) = 0;

  // Exchanges the token whose hash is `presented` for `successor`, of the same family and member.
  // Atomic: of two calls with one token exactly one rotates, the other is a reuse.
  virtual ondol::Task<Rotation> rotate(std::string presented, Successor successor,
                                       ondol::Instant now) = 0;

  // Kills every token of the family. Unknown families are fine.
  virtual ondol::Task<void> revoke_family(std::string family) = 0;

  // The same for the family of this token, as logout does (CH-3). Unknown hashes are fine.
  virtual ondol::Task<void> revoke_family_of(std::string hash) = 0;

  // Deletes what expired before `now` and says how many they were; for a housekeeping timer.
  virtual ondol::Task<std::size_t> forget_expired(ondol::Instant now) = 0;
};

}  // namespace chat
