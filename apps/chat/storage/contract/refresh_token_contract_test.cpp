#include <chrono>
#include <string>

#include <apps/chat/storage/contract/storage_contract.hpp>

namespace chat {
namespace {

using namespace std::chrono_literals;

constexpr ondol::Instant kNow{1'800'000'000'000ms};

class RefreshTokenContract : public StorageContract {
 protected:
  Rotation rotate(const std::string& from, const std::string& to, ondol::Instant now = kNow) {
    return run(tokens().rotate(from, {to, kNow + 2h}, now));
  }
  void store(const std::string& hash, const std::string& family) {
    run(tokens().store({hash, family, alice_, kNow + 1h}));
  }

  MemberId alice_ = member("alice");
};
INSTANTIATE_TEST_SUITE_P(Storage, RefreshTokenContract, every_storage(), name_of);

TEST_P(RefreshTokenContract, rotates_within_the_family) {
  store("a", "family");

  const Rotation rotation = rotate("a", "b");

  EXPECT_EQ(rotation.outcome, RotationOutcome::rotated);
  ASSERT_TRUE(rotation.token);
  EXPECT_EQ(rotation.token->hash, "b");
  EXPECT_EQ(rotation.token->family, "family");
  EXPECT_EQ(rotation.token->member_id, alice_);
  EXPECT_EQ(rotation.token->expires_at, kNow + 2h);
  EXPECT_EQ(rotate("b", "c").outcome, RotationOutcome::rotated);
}

TEST_P(RefreshTokenContract, a_reused_token_revokes_its_whole_family) {
  store("a", "family");
  store("other", "another family");
  rotate("a", "b");

  const Rotation reuse = rotate("a", "x");

  EXPECT_EQ(reuse.outcome, RotationOutcome::reused);
  ASSERT_TRUE(reuse.token);
  EXPECT_EQ(reuse.token->family, "family");
  EXPECT_EQ(reuse.token->member_id, alice_);
  EXPECT_EQ(rotate("b", "c").outcome, RotationOutcome::revoked);
  EXPECT_EQ(rotate("x", "y").outcome, RotationOutcome::unknown);
  EXPECT_EQ(rotate("other", "other2").outcome, RotationOutcome::rotated);
}

TEST_P(RefreshTokenContract, tells_unknown_and_expired_tokens_apart) {
  store("a", "family");

  EXPECT_EQ(rotate("nothing", "b").outcome, RotationOutcome::unknown);
  EXPECT_EQ(rotate("a", "b", kNow + 1h).outcome, RotationOutcome::expired);
  EXPECT_EQ(rotate("a", "b", kNow + 1h - 1ms).outcome, RotationOutcome::rotated);
}

TEST_P(RefreshTokenContract, revokes_a_family_by_its_name_or_by_one_of_its_tokens) {
  store("a", "first");
  store("b", "second");
  rotate("b", "b2");
  store("c", "third");

  run(tokens().revoke_family("first"));
  run(tokens().revoke_family_of("b"));
  run(tokens().revoke_family("unknown"));
  run(tokens().revoke_family_of("unknown"));

  EXPECT_EQ(rotate("a", "x").outcome, RotationOutcome::revoked);
  EXPECT_EQ(rotate("b2", "x").outcome, RotationOutcome::revoked);
  EXPECT_EQ(rotate("c", "x").outcome, RotationOutcome::rotated);
}

TEST_P(RefreshTokenContract, refuses_unknown_members_and_hashes_that_exist) {
  store("a", "family");

  EXPECT_EQ(code_of(tokens().store({"b", "family", {999}, kNow})), 4040);
  EXPECT_EQ(code_of(tokens().store({"a", "family", alice_, kNow})), 4091);
  EXPECT_EQ(code_of(tokens().rotate("a", {"a", kNow + 1h}, kNow)), 4091);
  EXPECT_EQ(rotate("a", "b").outcome, RotationOutcome::rotated);
}

TEST_P(RefreshTokenContract, forgets_what_has_expired) {
  store("a", "first");
  rotate("a", "b");

  EXPECT_EQ(run(tokens().forget_expired(kNow + 1h)), 0U);
  EXPECT_EQ(run(tokens().forget_expired(kNow + 90min)), 1U);
  EXPECT_EQ(rotate("a", "x").outcome, RotationOutcome::unknown);
  EXPECT_EQ(rotate("b", "c").outcome, RotationOutcome::rotated);
}

}  // namespace
}  // namespace chat
