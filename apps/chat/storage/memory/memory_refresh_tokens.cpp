#include <apps/chat/storage/memory/memory_refresh_tokens.hpp>

#include <apps/chat/storage/failures.hpp>

namespace chat::memory {

using ondol::Task;

Task<void> MemoryRefreshTokens::store(RefreshToken token) {
  const Access access{state_};
  insert(token);
  co_return;
}

Task<Rotation> MemoryRefreshTokens::rotate(std::string presented, Successor successor,
                                           ondol::Instant now) {
  const Access access{state_};
  const auto found = state_.tokens.find(presented);
  if (found == state_.tokens.end()) co_return Rotation{};
  StoredToken& stored = found->second;
  if (stored.state == TokenState::revoked) {
    co_return Rotation{RotationOutcome::revoked, stored.token};
  }
  if (stored.state == TokenState::rotated) {
    revoke(stored.token.family);
    co_return Rotation{RotationOutcome::reused, stored.token};
  }
  if (stored.token.expires_at <= now) co_return Rotation{RotationOutcome::expired, stored.token};
  RefreshToken next = stored.token;
  next.hash = successor.hash;
  next.expires_at = successor.expires_at;
  insert(next);
  stored.state = TokenState::rotated;
  co_return Rotation{RotationOutcome::rotated, next};
}

Task<void> MemoryRefreshTokens::revoke_family(std::string family) {
  const Access access{state_};
  revoke(family);
  co_return;
}

Task<void> MemoryRefreshTokens::revoke_family_of(std::string hash) {
  const Access access{state_};
  const auto found = state_.tokens.find(hash);
  if (found != state_.tokens.end()) revoke(found->second.token.family);
  co_return;
}

Task<std::size_t> MemoryRefreshTokens::forget_expired(ondol::Instant now) {
  const Access access{state_};
  co_return std::erase_if(state_.tokens,
                          [&](const auto& each) { return each.second.token.expires_at < now; });
}

void MemoryRefreshTokens::insert(const RefreshToken& token) {
  state_.require_known(token.member_id);
  if (!state_.tokens.emplace(token.hash, StoredToken{token, TokenState::live}).second) {
    fail_token_exists();
  }
}

void MemoryRefreshTokens::revoke(const std::string& family) {
  for (auto& [hash, stored] : state_.tokens) {
    if (stored.token.family == family) stored.state = TokenState::revoked;
  }
}

}  // namespace chat::memory
