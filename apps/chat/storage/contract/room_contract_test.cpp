#include <string>
#include <vector>

#include <apps/chat/storage/contract/storage_contract.hpp>

namespace chat {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

class RoomContract : public StorageContract {
 protected:
  std::vector<std::int64_t> members_of(RoomNo room) { return ids_of(run(rooms().members(room))); }
  ChatMessage newest(RoomNo room, MemberId reader) {
    return run(history().page(room, reader, {.limit = 1})).messages.at(0);
  }
  RoomDetail detail(RoomNo room, MemberId viewer) { return run(rooms().find(room, viewer)); }

  MemberId alice_ = member("alice");
  MemberId bob_ = member("bob");
  MemberId carol_ = member("carol");
  MemberId dave_ = member("dave");
};
INSTANTIATE_TEST_SUITE_P(Storage, RoomContract, every_storage(), name_of);

TEST_P(RoomContract, creates_a_group_with_its_owner_first) {
  const RoomDetail room =
      run(rooms().create_group({alice_, "친구들", {carol_, alice_, bob_, carol_}}));

  EXPECT_GT(room.room_no.value, 0);
  EXPECT_EQ(room.type, kGroupRoom);
  EXPECT_EQ(room.title, "친구들");
  EXPECT_EQ(room.owner_id, alice_);
  EXPECT_EQ(room.member_count, 3);
  EXPECT_THAT(names_of(room.members), ElementsAre("name of alice", "name of carol", "name of bob"));
  EXPECT_FALSE(room.last_message);
  EXPECT_EQ(room.unread_count, 0);
  EXPECT_FALSE(room.muted);
}

TEST_P(RoomContract, creates_a_group_of_one) {
  const RoomDetail room = run(rooms().create_group({alice_, std::nullopt, {}}));

  EXPECT_EQ(room.member_count, 1);
  EXPECT_EQ(room.title, "name of alice");
}

TEST_P(RoomContract, refuses_unknown_members_and_leaves_no_room_behind) {
  EXPECT_EQ(code_of(rooms().create_group({alice_, std::nullopt, {bob_, {999}}})), 4040);
  EXPECT_EQ(code_of(rooms().open_direct(alice_, {999})), 4040);

  EXPECT_THAT(run(rooms().page(alice_, std::nullopt, 10)).rooms, IsEmpty());
}

TEST_P(RoomContract, opens_one_direct_room_a_pair) {
  const OpenedRoom first = run(rooms().open_direct(alice_, bob_));
  const OpenedRoom again = run(rooms().open_direct(bob_, alice_));
  const OpenedRoom other = run(rooms().open_direct(alice_, carol_));

  EXPECT_TRUE(first.created);
  EXPECT_EQ(first.room.type, kDirectRoom);
  EXPECT_EQ(first.room.title, "name of bob");
  EXPECT_FALSE(first.room.owner_id);
  EXPECT_EQ(first.room.member_count, 2);
  EXPECT_FALSE(again.created);
  EXPECT_EQ(again.room.room_no, first.room.room_no);
  EXPECT_EQ(again.room.title, "name of alice");
  EXPECT_NE(other.room.room_no, first.room.room_no);
  EXPECT_EQ(code_of(rooms().open_direct(alice_, alice_)), 4221);
}

TEST_P(RoomContract, shows_a_room_to_its_members_alone) {
  const RoomNo room = group(alice_, {bob_});

  EXPECT_EQ(code_of(rooms().find(room, carol_)), 4030);
  EXPECT_EQ(code_of(rooms().find({999}, alice_)), 4040);
  EXPECT_TRUE(run(rooms().is_member(room, bob_)));
  EXPECT_FALSE(run(rooms().is_member(room, carol_)));
  EXPECT_FALSE(run(rooms().is_member({999}, alice_)));
  EXPECT_THAT(members_of({999}), IsEmpty());
}

TEST_P(RoomContract, invites_and_announces_those_who_were_not_in_it) {
  const RoomNo room = group(alice_, {bob_});
  say(room, alice_);

  const RoomChange change = run(rooms().invite(room, bob_, {dave_, alice_, carol_, dave_}));

  EXPECT_THAT(ids_of(change.joined), ElementsAre(dave_.value, carol_.value));
  ASSERT_TRUE(change.announcement);
  EXPECT_EQ(change.announcement->type, kSystemMessage);
  EXPECT_EQ(change.announcement->content, kInvited);
  EXPECT_EQ(change.announcement->seq, 2);
  EXPECT_EQ(change.announcement->sender.member_id, bob_);
  EXPECT_EQ(change.announcement->unread_count, 0);
  EXPECT_THAT(names_of(*change.announcement->members),
              ElementsAre("name of dave", "name of carol"));
  const ChatMessage stored = newest(room, dave_);
  EXPECT_EQ(stored.content, kInvited);
  EXPECT_EQ(stored.sender.name, "name of bob");
  EXPECT_THAT(names_of(*stored.members), ElementsAre("name of dave", "name of carol"));
  const RoomDetail seen = detail(room, dave_);
  EXPECT_EQ(seen.last_read_seq, 2);
  EXPECT_EQ(seen.unread_count, 0);
  EXPECT_THAT(members_of(room), ElementsAre(alice_.value, bob_.value, dave_.value, carol_.value));
}

TEST_P(RoomContract, announces_nothing_when_all_are_in_it_already) {
  const RoomNo room = group(alice_, {bob_});

  const RoomChange change = run(rooms().invite(room, alice_, {bob_}));

  EXPECT_FALSE(change.announcement);
  EXPECT_THAT(change.joined, IsEmpty());
  EXPECT_EQ(say(room, alice_), 1);
}

TEST_P(RoomContract, refuses_invitations_that_are_not_allowed) {
  const RoomNo room = group(alice_);
  const RoomNo direct = run(rooms().open_direct(alice_, bob_)).room.room_no;

  EXPECT_EQ(code_of(rooms().invite(room, bob_, {carol_})), 4030);
  EXPECT_EQ(code_of(rooms().invite({999}, alice_, {carol_})), 4040);
  EXPECT_EQ(code_of(rooms().invite(room, alice_, {carol_, {999}})), 4040);
  EXPECT_EQ(code_of(rooms().invite(direct, alice_, {carol_})), 4050);
  EXPECT_THAT(members_of(room), ElementsAre(alice_.value));
}

TEST_P(RoomContract, leaves_with_an_announcement) {
  const RoomNo room = group(alice_, {bob_});

  const RoomChange change = run(rooms().leave(room, bob_));

  EXPECT_THAT(ids_of(change.gone), ElementsAre(bob_.value));
  EXPECT_FALSE(change.closed);
  ASSERT_TRUE(change.announcement);
  EXPECT_EQ(change.announcement->content, kLeft);
  EXPECT_EQ(change.announcement->sender.member_id, bob_);
  EXPECT_THAT(names_of(*change.announcement->members), ElementsAre("name of bob"));
  EXPECT_EQ(newest(room, alice_).content, kLeft);
  EXPECT_FALSE(run(rooms().is_member(room, bob_)));
  EXPECT_EQ(code_of(rooms().leave(room, bob_)), 4030);
  EXPECT_EQ(detail(room, alice_).member_count, 1);
}

TEST_P(RoomContract, passes_ownership_to_the_longest_member) {
  const RoomNo room = group(alice_, {bob_});
  run(rooms().invite(room, alice_, {dave_, carol_}));
  run(rooms().leave(room, bob_));
  run(rooms().invite(room, alice_, {bob_}));

  run(rooms().leave(room, alice_));
  EXPECT_EQ(detail(room, bob_).owner_id, dave_);
  run(rooms().leave(room, dave_));
  EXPECT_EQ(detail(room, bob_).owner_id, carol_);
}

TEST_P(RoomContract, closes_when_the_last_member_leaves) {
  const RoomNo room = group(alice_, {bob_});
  run(rooms().leave(room, bob_));

  EXPECT_TRUE(run(rooms().leave(room, alice_)).closed);

  EXPECT_EQ(code_of(rooms().find(room, alice_)), 4040);
  EXPECT_EQ(code_of(rooms().invite(room, alice_, {bob_})), 4040);
  EXPECT_EQ(code_of(history().page(room, alice_, {})), 4040);
  EXPECT_EQ(code_of(history().append({room, bob_, "x", std::nullopt, std::nullopt})), 4040);
  EXPECT_FALSE(run(rooms().is_member(room, alice_)));
}

TEST_P(RoomContract, lets_the_owner_alone_remove_others) {
  const RoomNo room = group(alice_, {bob_, carol_});

  EXPECT_EQ(code_of(rooms().remove(room, bob_, carol_)), 4030);
  EXPECT_EQ(code_of(rooms().remove(room, dave_, carol_)), 4030);
  EXPECT_EQ(code_of(rooms().remove(room, alice_, dave_)), 4040);
  const RoomChange change = run(rooms().remove(room, alice_, carol_));

  EXPECT_THAT(ids_of(change.gone), ElementsAre(carol_.value));
  EXPECT_EQ(change.announcement->content, kRemoved);
  EXPECT_EQ(change.announcement->sender.member_id, alice_);
  EXPECT_THAT(names_of(*change.announcement->members), ElementsAre("name of carol"));
  EXPECT_THAT(members_of(room), ElementsAre(alice_.value, bob_.value));
}

TEST_P(RoomContract, takes_an_owner_who_removes_himself_as_leaving) {
  const RoomNo room = group(alice_, {bob_});

  const RoomChange change = run(rooms().remove(room, alice_, alice_));

  EXPECT_EQ(change.announcement->content, kLeft);
  EXPECT_EQ(detail(room, bob_).owner_id, bob_);
}

TEST_P(RoomContract, hides_a_direct_room_until_its_next_message) {
  const RoomNo room = run(rooms().open_direct(alice_, bob_)).room.room_no;
  say(room, bob_);
  auto listed = [&](MemberId member) {
    return run(rooms().page(member, std::nullopt, 10)).rooms.size();
  };

  const RoomChange change = run(rooms().leave(room, alice_));

  EXPECT_TRUE(change.hidden);
  EXPECT_FALSE(change.announcement);
  EXPECT_THAT(change.gone, IsEmpty());
  EXPECT_EQ(listed(alice_), 0U);
  EXPECT_EQ(listed(bob_), 1U);
  EXPECT_TRUE(run(rooms().is_member(room, alice_)));
  EXPECT_FALSE(run(rooms().open_direct(alice_, bob_)).created);
  EXPECT_THAT(run(rooms().summaries(room, {alice_, bob_})), testing::SizeIs(1));
  say(room, bob_);
  EXPECT_EQ(listed(alice_), 1U);
  EXPECT_EQ(code_of(rooms().remove(room, alice_, bob_)), 4050);
}

TEST_P(RoomContract, renames_a_group_with_an_announcement) {
  const RoomNo room = group(alice_, {bob_}, "old");
  const RoomNo direct = run(rooms().open_direct(alice_, bob_)).room.room_no;

  const RoomChange change = run(rooms().update(room, bob_, {.title = "new"}));

  EXPECT_EQ(change.announcement->content, kRenamed);
  EXPECT_EQ(change.announcement->sender.member_id, bob_);
  EXPECT_THAT(*change.announcement->members, IsEmpty());
  EXPECT_EQ(detail(room, alice_).title, "new");
  EXPECT_EQ(newest(room, alice_).content, kRenamed);
  EXPECT_FALSE(run(rooms().update(room, bob_, {.title = "new"})).announcement);
  EXPECT_EQ(code_of(rooms().update(room, carol_, {.title = "x"})), 4030);
  EXPECT_EQ(code_of(rooms().update(direct, alice_, {.title = "x", .muted = true})), 4050);
  EXPECT_FALSE(detail(direct, alice_).muted);
}

TEST_P(RoomContract, mutes_for_the_member_alone) {
  const RoomNo room = group(alice_, {bob_});

  EXPECT_FALSE(run(rooms().update(room, alice_, {.muted = true})).announcement);

  EXPECT_TRUE(detail(room, alice_).muted);
  EXPECT_FALSE(detail(room, bob_).muted);
  run(rooms().update(room, alice_, {.muted = false}));
  EXPECT_FALSE(detail(room, alice_).muted);
}

TEST_P(RoomContract, holds_no_more_than_the_greatest_number_of_members) {
  std::vector<ondol::storage::Running<Member>> joining;
  for (std::size_t i = 0; i < kMaxRoomMembers; ++i) {
    joining.push_back(ondol::storage::run_on_loop(
        runtime_.loop(0), members().insert({"member" + std::to_string(i), "n", "h"})));
  }
  std::vector<MemberId> crowd;
  for (auto& each : joining) crowd.push_back(each.get().member_id);

  EXPECT_EQ(code_of(rooms().create_group({alice_, std::nullopt, crowd})), 4221);
  crowd.pop_back();
  const RoomNo room = group(alice_, crowd);
  EXPECT_EQ(code_of(rooms().invite(room, alice_, {bob_})), 4221);
  EXPECT_EQ(append(room, alice_, "hello").message.unread_count, 2999);
  EXPECT_EQ(detail(room, alice_).members.size(), kMaxRoomMembers);
}

}  // namespace
}  // namespace chat
