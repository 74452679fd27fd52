#pragma once

#include <cstddef>
#include <string>

#include <apps/chat/member/refresh_token_repository.hpp>
#include <ondol/storage/sqlite_writer.hpp>

namespace chat::sqlite {

class SqliteRefreshTokens final : public RefreshTokenRepository {
 public:
  explicit SqliteRefreshTokens(ondol::storage::SqliteWriter& writer) : writer_{writer} {}

  ondol::Task<void> store(RefreshToken token) override;
  ondol::Task<Rotation> rotate(std::string presented, Successor successor,
                               ondol::Instant now) override;
  ondol::Task<void> revoke_family(std::string family) override;
  ondol::Task<void> revoke_family_of(std::string hash) override;
  ondol::Task<std::size_t> forget_expired(ondol::Instant now) override;

 private:
  ondol::storage::SqliteWriter& writer_;
};

}  // namespace chat::sqlite
