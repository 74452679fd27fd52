#include <apps/chat/storage/sqlite/sqlite_refresh_tokens.hpp>

#include <chrono>
#include <cstdint>
#include <string_view>
#include <utility>

#include <apps/chat/storage/failures.hpp>

namespace chat::sqlite {

using ondol::Instant;
using ondol::Task;
using ondol::storage::Database;
using ondol::storage::Statement;

namespace {

std::int64_t milliseconds(Instant time) {
  return time.time_since_epoch().count();
}

void insert_into(Database& database, const RefreshToken& token) {
  Statement member = database.prepare("SELECT 1 FROM member WHERE member_id = ?1");
  if (!member.bind(token.member_id.value).step()) fail_no_such_member();
  Statement taken = database.prepare("SELECT 1 FROM refresh_token WHERE token_hash = ?1");
  if (taken.bind(token.hash).step()) fail_token_exists();
  database
      .prepare(
          "INSERT INTO refresh_token (token_hash, family, member_id, expires_at, state)"
          " VALUES (?1, ?2, ?3, ?4, 'live')")
      .bind(token.hash, token.family, token.member_id.value, milliseconds(token.expires_at))
      .run();
}

void revoke(Database& database, std::string_view family) {
  database.prepare("UPDATE refresh_token SET state = 'revoked' WHERE family = ?1")
      .bind(family)
      .run();
}

RotationOutcome judge(std::string_view state, bool expired) {
  if (state == "revoked") return RotationOutcome::revoked;
  // Also when it has expired since: whoever shows a token a second time is not the one it was given
  // to.
  if (state == "rotated") return RotationOutcome::reused;
  return expired ? RotationOutcome::expired : RotationOutcome::rotated;
}

Rotation rotate_in(Database& database, const std::string& presented, const Successor& successor,
                   Instant now) {
  RefreshToken token;
  RotationOutcome outcome{};
  {
    Statement row = database.prepare(
        "SELECT family, member_id, expires_at, state FROM refresh_token WHERE token_hash = ?1");
    if (!row.bind(presented).step()) return {};
    token = {presented,
             row.text(0),
             {row.integer(1)},
             Instant{std::chrono::milliseconds{row.integer(2)}}};
    outcome = judge(row.text(3), token.expires_at <= now);
  }
  if (outcome == RotationOutcome::reused) revoke(database, token.family);
  if (outcome == RotationOutcome::rotated) {
    database.prepare("UPDATE refresh_token SET state = 'rotated' WHERE token_hash = ?1")
        .bind(presented)
        .run();
    token.hash = successor.hash;
    token.expires_at = successor.expires_at;
    insert_into(database, token);
  }
  return {outcome, std::move(token)};
}

}  // namespace

Task<void> SqliteRefreshTokens::store(RefreshToken token) {
  return writer_.write(
      [token = std::move(token)](Database& database) { insert_into(database, token); });
}

Task<Rotation> SqliteRefreshTokens::rotate(std::string presented, Successor successor,
                                           Instant now) {
  return writer_.write(
      [presented = std::move(presented), successor = std::move(successor),
       now](Database& database) { return rotate_in(database, presented, successor, now); });
}

Task<void> SqliteRefreshTokens::revoke_family(std::string family) {
  return writer_.write(
      [family = std::move(family)](Database& database) { revoke(database, family); });
}

Task<void> SqliteRefreshTokens::revoke_family_of(std::string hash) {
  return writer_.write([hash = std::move(hash)](Database& database) {
    database
        .prepare(
            "UPDATE refresh_token SET state = 'revoked'"
            " WHERE family = (SELECT family FROM refresh_token WHERE token_hash = ?1)")
        .bind(hash)
        .run();
  });
}

Task<std::size_t> SqliteRefreshTokens::forget_expired(Instant now) {
  return writer_.write([now](Database& database) {
    database.prepare("DELETE FROM refresh_token WHERE expires_at < ?1")
        .bind(milliseconds(now))
        .run();
    return static_cast<std::size_t>(database.changed_rows());
  });
}

}  // namespace chat::sqlite
