#include <optional>
#include <string>
#include <vector>

#include <apps/chat/storage/contract/storage_contract.hpp>

namespace chat {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

class RoomListContract : public StorageContract {
 protected:
  RoomPage page(MemberId member, std::optional<std::string> cursor = std::nullopt,
                std::size_t limit = 50) {
    return run(rooms().page(member, std::move(cursor), limit));
  }
  static std::vector<std::int64_t> numbers(const RoomPage& page) {
    std::vector<std::int64_t> found;
    for (const RoomSummary& room : page.rooms) found.push_back(room.room_no.value);
    return found;
  }

  MemberId alice_ = member("alice");
  MemberId bob_ = member("bob");
  MemberId carol_ = member("carol");
};
INSTANTIATE_TEST_SUITE_P(Storage, RoomListContract, every_storage(), name_of);

TEST_P(RoomListContract, is_empty_for_one_without_rooms) {
  group(alice_);

  const RoomPage none = page(bob_);

  EXPECT_THAT(none.rooms, IsEmpty());
  EXPECT_FALSE(none.next_cursor);
}

TEST_P(RoomListContract, has_the_room_with_the_newest_message_first) {
  const RoomNo a = group(alice_, {bob_});
  const RoomNo b = group(alice_);
  const RoomNo c = run(rooms().open_direct(bob_, alice_)).room.room_no;
  EXPECT_THAT(numbers(page(alice_)), ElementsAre(c.value, b.value, a.value));

  say(a, bob_);
  say(b, alice_);
  EXPECT_THAT(numbers(page(alice_)), ElementsAre(b.value, a.value, c.value));
  run(rooms().update(a, bob_, {.title = "new"}));
  EXPECT_THAT(numbers(page(alice_)), ElementsAre(a.value, b.value, c.value));
}

TEST_P(RoomListContract, goes_on_from_page_to_page) {
  std::vector<std::int64_t> expected;
  for (int i = 0; i < 5; ++i) expected.insert(expected.begin(), group(alice_).value);

  std::vector<std::int64_t> found;
  std::vector<std::size_t> sizes;
  std::optional<std::string> cursor;
  do {
    const RoomPage next = page(alice_, cursor, 2);
    for (const std::int64_t number : numbers(next)) found.push_back(number);
    sizes.push_back(next.rooms.size());
    cursor = next.next_cursor;
  } while (cursor);

  EXPECT_EQ(found, expected);
  EXPECT_THAT(sizes, ElementsAre(2, 2, 1));
  EXPECT_FALSE(page(alice_, std::nullopt, 5).next_cursor);
}

TEST_P(RoomListContract, refuses_a_cursor_that_no_page_gave) {
  for (const char* cursor : {"", "x", "-1", "0", "1x", "99999999999999999999"}) {
    EXPECT_EQ(code_of(rooms().page(alice_, cursor, 10)), 4002) << cursor;
  }
}

TEST_P(RoomListContract, brings_the_limit_into_its_range) {
  for (int i = 0; i < 101; ++i) group(alice_);

  EXPECT_EQ(page(alice_, std::nullopt, 0).rooms.size(), 1U);
  EXPECT_EQ(page(alice_, std::nullopt, 1000).rooms.size(), RoomRepository::kMaxPage);
}

TEST_P(RoomListContract, shows_of_each_room_what_the_list_needs) {
  const RoomNo room = group(alice_, {bob_, carol_}, "title");
  append(room, bob_, "one");
  append(room, carol_, "two");
  run(history().raise_watermark(room, alice_, 1));
  run(rooms().update(room, alice_, {.muted = true}));

  const RoomSummary shown = page(alice_).rooms.at(0);

  EXPECT_EQ(shown.room_no, room);
  EXPECT_EQ(shown.type, kGroupRoom);
  EXPECT_EQ(shown.title, "title");
  EXPECT_EQ(shown.member_count, 3);
  EXPECT_THAT(names_of(shown.members),
              ElementsAre("name of alice", "name of bob", "name of carol"));
  ASSERT_TRUE(shown.last_message);
  EXPECT_EQ(shown.last_message->seq, 2);
  EXPECT_EQ(shown.last_message->content, "two");
  EXPECT_EQ(shown.last_message->sender.name, "name of carol");
  EXPECT_EQ(shown.last_message->unread_count, 2);
  EXPECT_EQ(shown.last_read_seq, 1);
  EXPECT_EQ(shown.unread_count, 1);
  EXPECT_TRUE(shown.muted);
}

TEST_P(RoomListContract,
       counts_messages_of_others_above_the_watermark_without_those_of_the_system) {
  const RoomNo room = group(alice_, {bob_});
  auto unread = [&](MemberId member) { return page(member).rooms.at(0).unread_count; };
  say(room, bob_);
  run(rooms().update(room, bob_, {.title = "new"}));
  say(room, bob_);
  EXPECT_EQ(unread(alice_), 2);
  EXPECT_EQ(unread(bob_), 0);

  run(history().raise_watermark(room, alice_, 2));
  EXPECT_EQ(unread(alice_), 1);
  say(room, alice_);
  EXPECT_EQ(unread(alice_), 0);
  EXPECT_EQ(unread(bob_), 1);
  run(rooms().invite(room, alice_, {carol_}));
  EXPECT_EQ(unread(carol_), 0);
  EXPECT_EQ(unread(bob_), 1);
  say(room, bob_);
  EXPECT_EQ(unread(carol_), 1);
  EXPECT_EQ(unread(alice_), 1);
}

TEST_P(RoomListContract, shows_a_system_message_as_the_last_one) {
  const RoomNo room = group(alice_);
  group(alice_);
  run(rooms().invite(room, alice_, {bob_, carol_}));

  const RoomSummary shown = page(alice_).rooms.at(0);

  EXPECT_EQ(shown.last_message->type, kSystemMessage);
  EXPECT_EQ(shown.last_message->unread_count, 0);
  EXPECT_THAT(names_of(*shown.last_message->members), ElementsAre("name of bob", "name of carol"));
}

TEST_P(RoomListContract, titles_a_room_without_title_by_its_other_members) {
  std::vector<MemberId> others;
  for (const char* login : {"m1", "m2", "m3", "m4", "m5"}) others.push_back(member(login));
  group(alice_, others);
  run(rooms().open_direct(alice_, others[0]));

  const RoomPage of_alice = page(alice_);
  EXPECT_EQ(of_alice.rooms.at(0).title, "name of m1");
  EXPECT_EQ(of_alice.rooms.at(1).title, "name of m1, name of m2, name of m3, name of m4");
  EXPECT_EQ(of_alice.rooms.at(1).members.size(), kMaxShownMembers);
  EXPECT_EQ(of_alice.rooms.at(1).member_count, 6);
  EXPECT_EQ(page(others[0]).rooms.at(0).title, "name of alice");
}

TEST_P(RoomListContract, leaves_out_rooms_that_the_member_left) {
  const RoomNo left = group(alice_, {bob_});
  const RoomNo removed = group(alice_, {bob_});
  run(rooms().leave(left, bob_));
  run(rooms().remove(removed, alice_, bob_));

  EXPECT_THAT(page(bob_).rooms, IsEmpty());
}

TEST_P(RoomListContract, shows_one_room_as_each_member_has_it) {
  const RoomNo room = group(alice_, {bob_});
  say(room, bob_);

  const auto views = run(rooms().summaries(room, {bob_, carol_, alice_, alice_}));

  ASSERT_EQ(views.size(), 2U);
  EXPECT_EQ(views[0].viewer, alice_);
  EXPECT_EQ(views[0].room.title, "name of bob");
  EXPECT_EQ(views[0].room.unread_count, 1);
  EXPECT_EQ(views[0].room.last_message->content, "text");
  EXPECT_EQ(views[1].viewer, bob_);
  EXPECT_EQ(views[1].room.title, "name of alice");
  EXPECT_EQ(views[1].room.unread_count, 0);
  EXPECT_THAT(names_of(views[1].room.members), ElementsAre("name of alice", "name of bob"));
  EXPECT_THAT(run(rooms().summaries({999}, {alice_})), IsEmpty());
}

}  // namespace
}  // namespace chat
