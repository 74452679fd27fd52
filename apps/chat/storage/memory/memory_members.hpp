#pragma once

#include <apps/chat/member/member_repository.hpp>
#include <apps/chat/storage/memory/memory_state.hpp>

namespace chat::memory {

class MemoryMembers final : public MemberRepository {
 public:
  explicit MemoryMembers(State& state) : state_{state} {}

  ondol::Task<Member> insert(NewMember member) override;
  ondol::Task<std::optional<MemberCredentials>> find_by_login(std::string login_id) override;
  ondol::Task<std::optional<Member>> find(MemberId id) override;
  ondol::Task<std::vector<Member>> find_many(std::vector<MemberId> ids) override;
  ondol::Task<Member> rename(MemberId id, std::string name) override;
  ondol::Task<std::vector<Member>> search(std::string prefix, std::size_t limit) override;

 private:
  State& state_;
};

}  // namespace chat::memory
