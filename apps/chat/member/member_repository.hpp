#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

#include <apps/chat/member/member.hpp>
#include <ondol/runtime/task.hpp>

namespace chat {

struct NewMember {
  std::string login_id;
  std::string name;
  std::string password_hash;  // with salt and parameters, never the password (CH-5)
};

struct MemberCredentials {
  Member member;
  std::string password_hash;
};

// The members. A port: the services know only this, the adapters are in apps/chat/storage.
// Called on a loop, resumes there. What was written is durable when the task ends. Every method may
// fail with Error 5030 when the storage is not available. Lengths and alphabets are checked by the
// caller (CH-1).
class MemberRepository {
 public:
  static constexpr std::size_t kMaxFound = 50;  // CH-6

  virtual ~MemberRepository() = default;

  // Error 4091 when the login id is taken; login ids compare without case (CH-1).
  virtual ondol::Task<Member> insert(NewMember member) = 0;

  // Without case.
  virtual ondol::Task<std::optional<MemberCredentials>> find_by_login(std::string login_id) = 0;

  virtual ondol::Task<std::optional<Member>> find(MemberId id) = 0;

  // In ascending order of id, each once; unknown ids are left out. One query.
  virtual ondol::Task<std::vector<Member>> find_many(std::vector<MemberId> ids) = 0;

  // The member as it is now; Error 4040 when there is none.
  virtual ondol::Task<Member> rename(MemberId id, std::string name) = 0;

  // By prefix of login id or name, without the case of ASCII letters (CH-6). Matches by login id
  // come first, in its order, then those by name, in the order of the names. At most min(limit,
  // kMaxFound); an empty prefix matches everybody.
  virtual ondol::Task<std::vector<Member>> search(std::string prefix, std::size_t limit) = 0;
};

}  // namespace chat
