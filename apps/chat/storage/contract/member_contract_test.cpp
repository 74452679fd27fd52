#include <string>
#include <vector>

#include <apps/chat/storage/contract/storage_contract.hpp>

namespace chat {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

class MemberContract : public StorageContract {
 protected:
  std::vector<std::string> found(const std::string& prefix, std::size_t limit = 20) {
    std::vector<std::string> logins;
    for (const Member& each : run(members().search(prefix, limit))) logins.push_back(each.login_id);
    return logins;
  }
};
INSTANTIATE_TEST_SUITE_P(Storage, MemberContract, every_storage(), name_of);

TEST_P(MemberContract, gives_each_member_an_id_of_his_own) {
  const Member first = run(members().insert({"alice", "앨리스", "hash"}));
  const Member second = run(members().insert({"bob", "앨리스", "hash"}));

  EXPECT_GT(first.member_id.value, 0);
  EXPECT_NE(first.member_id, second.member_id);
  EXPECT_EQ(first.login_id, "alice");
  EXPECT_EQ(first.name, "앨리스");
}

TEST_P(MemberContract, refuses_a_login_id_that_is_taken_whatever_its_case) {
  member("alice");

  EXPECT_EQ(code_of(members().insert({"alice", "x", "hash"})), 4091);
  EXPECT_EQ(code_of(members().insert({"ALICE", "x", "hash"})), 4091);
  EXPECT_EQ(code_of(members().insert({"alice2", "x", "hash"})), 0);
}

TEST_P(MemberContract, finds_the_password_hash_by_login_id_whatever_its_case) {
  run(members().insert({"alice", "Alice", "the hash"}));

  const auto found = run(members().find_by_login("Alice"));

  ASSERT_TRUE(found);
  EXPECT_EQ(found->member.login_id, "alice");
  EXPECT_EQ(found->password_hash, "the hash");
  EXPECT_FALSE(run(members().find_by_login("alic")));
}

TEST_P(MemberContract, finds_members_by_id) {
  const MemberId alice = member("alice");
  const MemberId bob = member("bob");

  EXPECT_EQ(run(members().find(bob))->login_id, "bob");
  EXPECT_FALSE(run(members().find({999})));
  const auto many = run(members().find_many({bob, {999}, alice, bob}));
  ASSERT_EQ(many.size(), 2U);
  EXPECT_EQ(many[0].member_id, alice);
  EXPECT_EQ(many[1].member_id, bob);
  EXPECT_THAT(run(members().find_many({})), IsEmpty());
}

TEST_P(MemberContract, renames) {
  const MemberId alice = member("alice");

  EXPECT_EQ(run(members().rename(alice, "Alicia")).name, "Alicia");
  EXPECT_EQ(run(members().find(alice))->name, "Alicia");
  EXPECT_THAT(found("alicia"), ElementsAre("alice"));
  EXPECT_THAT(found("name of"), IsEmpty());
  EXPECT_EQ(code_of(members().rename({999}, "x")), 4040);
}

TEST_P(MemberContract, searches_by_prefix_of_login_id_then_of_name) {
  run(members().insert({"zed", "Kim", "h"}));
  run(members().insert({"kim.b", "Bora", "h"}));
  run(members().insert({"kim.a", "Kimberly", "h"}));
  run(members().insert({"yun", "kim ara", "h"}));
  run(members().insert({"han", "김하나", "h"}));

  EXPECT_THAT(found("kim"), ElementsAre("kim.a", "kim.b", "zed", "yun"));
  EXPECT_THAT(found("KIM"), ElementsAre("kim.a", "kim.b", "zed", "yun"));
  EXPECT_THAT(found("kim", 3), ElementsAre("kim.a", "kim.b", "zed"));
  EXPECT_THAT(found("김"), ElementsAre("han"));
  EXPECT_THAT(found("imb"), IsEmpty());
  EXPECT_THAT(found("%"), IsEmpty());
  EXPECT_EQ(found("").size(), 5U);
}

TEST_P(MemberContract, limits_what_a_search_finds) {
  for (int i = 0; i < 60; ++i) member("member" + std::to_string(i));

  EXPECT_EQ(found("member", 1000).size(), MemberRepository::kMaxFound);
}

TEST_P(MemberContract, fails_with_5030_when_stopped) {
  EXPECT_EQ(code_of(storage_->check()), 0);
  storage_->stop();

  EXPECT_EQ(code_of(storage_->check()), 5030);
  EXPECT_EQ(code_of(members().insert({"alice", "x", "hash"})), 5030);
}

}  // namespace
}  // namespace chat
