#pragma once

#include <apps/chat/member/refresh_token_repository.hpp>
#include <apps/chat/storage/memory/memory_state.hpp>

namespace chat::memory {

class MemoryRefreshTokens final : public RefreshTokenRepository {
 public:
  explicit MemoryRefreshTokens(State& state) : state_{state} {}

  ondol::Task<void> store(RefreshToken token) override;
  ondol::Task<Rotation> rotate(std::string presented, Successor successor,
                               ondol::Instant now) override;
  ondol::Task<void> revoke_family(std::string family) override;
  ondol::Task<void> revoke_family_of(std::string hash) override;
  ondol::Task<std::size_t> forget_expired(ondol::Instant now) override;

 private:
  void insert(const RefreshToken& token);
  void revoke(const std::string& family);

  State& state_;
};

}  // namespace chat::memory
