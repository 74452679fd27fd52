#include <algorithm>
#include <limits>
#include <string>
#include <vector>

#include <apps/chat/storage/contract/storage_contract.hpp>

namespace chat {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

constexpr const char* kClientId = "3f2504e0-4f89-41d3-9a0c-0305e82c3301";
constexpr const char* kClientIdUpper = "3F2504E0-4F89-41D3-9A0C-0305E82C3301";

class HistoryContract : public StorageContract {
 protected:
  HistoryPage page(MemberId reader, HistoryRange range = {}) {
    return run(history().page(room_, reader, range));
  }
  static std::vector<Seq> seqs(const HistoryPage& page) {
    std::vector<Seq> found;
    for (const ChatMessage& message : page.messages) found.push_back(message.seq);
    return found;
  }
  std::vector<std::int64_t> unread_counts() {
    std::vector<std::int64_t> counts;
    for (const ChatMessage& message : page(alice_).messages) counts.push_back(message.unread_count);
    return counts;
  }
  Watermark read(MemberId reader, Seq seq) {
    return run(history().raise_watermark(room_, reader, seq));
  }
  Seq watermark_of(MemberId member) {
    for (const RoomMember& each : run(rooms().find(room_, alice_)).members) {
      if (each.member_id == member) return each.last_read_seq;
    }
    return -1;
  }

  MemberId alice_ = member("alice");
  MemberId bob_ = member("bob");
  MemberId carol_ = member("carol");
  MemberId stranger_ = member("stranger");
  RoomNo room_ = group(alice_, {bob_, carol_});
};
INSTANTIATE_TEST_SUITE_P(Storage, HistoryContract, every_storage(), name_of);

TEST_P(HistoryContract, stores_a_message_with_the_next_seq) {
  say(room_, bob_);
  const auto before = ondol::now_instant();

  const Appended appended =
      run(history().append({room_, alice_, "안녕하세요", std::string{kClientId}, Seq{1}}));

  EXPECT_FALSE(appended.duplicate);
  EXPECT_EQ(appended.member_count, 3);
  const ChatMessage& message = appended.message;
  EXPECT_EQ(message.room_no, room_);
  EXPECT_EQ(message.seq, 2);
  EXPECT_EQ(message.sender.member_id, alice_);
  EXPECT_EQ(message.sender.name, "name of alice");
  EXPECT_EQ(message.type, kTextMessage);
  EXPECT_EQ(message.content, "안녕하세요");
  EXPECT_EQ(message.client_id, kClientId);
  EXPECT_EQ(message.reply_to, 1);
  EXPECT_GE(message.sent_at, before);
  EXPECT_LE(message.sent_at, ondol::now_instant());
  EXPECT_EQ(message.unread_count, 2);
  EXPECT_FALSE(message.members);
}

TEST_P(HistoryContract, shows_in_the_history_what_it_stored) {
  const ChatMessage sent =
      run(history().append({room_, alice_, "hello", std::string{kClientId}, std::nullopt})).message;

  const HistoryPage read = page(bob_);

  ASSERT_EQ(read.messages.size(), 1U);
  const ChatMessage& message = read.messages.front();
  EXPECT_EQ(message.seq, sent.seq);
  EXPECT_EQ(message.sender.name, sent.sender.name);
  EXPECT_EQ(message.content, sent.content);
  EXPECT_EQ(message.client_id, sent.client_id);
  EXPECT_EQ(message.sent_at, sent.sent_at);
  EXPECT_EQ(message.unread_count, sent.unread_count);
  EXPECT_EQ(message.reply_to, std::nullopt);
}

TEST_P(HistoryContract, counts_the_seq_of_each_room_for_itself) {
  const RoomNo other = group(alice_);

  EXPECT_EQ(say(room_, alice_), 1);
  EXPECT_EQ(say(other, alice_), 1);
  EXPECT_EQ(say(room_, bob_), 2);
}

TEST_P(HistoryContract, leaves_no_hole_when_many_write_at_once_and_some_fail) {
  std::vector<ondol::storage::Running<Appended>> writing;
  for (int i = 0; i < 200; ++i) {
    const MemberId sender = i % 5 == 4 ? stranger_ : alice_;
    writing.push_back(ondol::storage::run_on_loop(
        runtime_.loop(static_cast<std::size_t>(i % 2)),
        history().append({room_, sender, std::to_string(i), std::nullopt, std::nullopt})));
  }
  std::vector<Seq> found;
  int refused = 0;
  for (auto& each : writing) {
    try {
      found.push_back(each.get().message.seq);
    } catch (const ondol::Error&) {
      ++refused;
    }
  }

  EXPECT_EQ(refused, 40);
  std::ranges::sort(found);
  ASSERT_EQ(found.size(), 160U);
  EXPECT_EQ(found.front(), 1);
  EXPECT_EQ(found.back(), 160);
  EXPECT_EQ(std::ranges::adjacent_find(found), found.end());
}

TEST_P(HistoryContract, gives_the_stored_message_for_a_repeated_client_id) {
  const Appended first = append(room_, alice_, "first", kClientId);
  read(bob_, 1);

  const Appended repeat = append(room_, alice_, "another text", kClientIdUpper);

  EXPECT_TRUE(repeat.duplicate);
  EXPECT_EQ(repeat.message.seq, first.message.seq);
  EXPECT_EQ(repeat.message.content, "first");
  EXPECT_EQ(repeat.message.client_id, kClientId);
  EXPECT_EQ(repeat.message.sent_at, first.message.sent_at);
  EXPECT_EQ(repeat.message.unread_count, 1);
  EXPECT_EQ(seqs(page(alice_)).size(), 1U);
}

TEST_P(HistoryContract, takes_one_client_id_once_for_each_room_and_sender) {
  const RoomNo other = group(alice_);
  append(room_, alice_, "text", kClientId);

  EXPECT_FALSE(append(room_, bob_, "text", kClientId).duplicate);
  EXPECT_FALSE(append(other, alice_, "text", kClientId).duplicate);
  EXPECT_FALSE(append(room_, alice_, "text").duplicate);
  EXPECT_FALSE(append(room_, alice_, "text").duplicate);
}

TEST_P(HistoryContract, answers_a_repeat_of_one_who_has_left_since) {
  append(room_, bob_, "text", kClientId);
  run(rooms().leave(room_, bob_));

  EXPECT_TRUE(append(room_, bob_, "text", kClientId).duplicate);
  EXPECT_EQ(run(history().find_sent(room_, bob_, kClientIdUpper))->seq, 1);
  EXPECT_EQ(code_of(history().append({room_, bob_, "new", std::nullopt, std::nullopt})), 4030);
  EXPECT_FALSE(run(history().find_sent(room_, alice_, kClientId)));
}

TEST_P(HistoryContract, lets_only_members_write_and_read) {
  const NewMessage by_stranger{room_, stranger_, "x", std::nullopt, std::nullopt};
  EXPECT_EQ(code_of(history().append(by_stranger)), 4030);
  EXPECT_EQ(code_of(history().page(room_, stranger_, {})), 4030);
  EXPECT_EQ(code_of(history().raise_watermark(room_, stranger_, 1)), 4030);

  const NewMessage nowhere{{999}, alice_, "x", std::nullopt, std::nullopt};
  EXPECT_EQ(code_of(history().append(nowhere)), 4040);
  EXPECT_EQ(code_of(history().page({999}, alice_, {})), 4040);
  EXPECT_EQ(code_of(history().raise_watermark({999}, alice_, 1)), 4040);
}

TEST_P(HistoryContract, refuses_a_reply_to_nothing) {
  EXPECT_EQ(code_of(history().append({room_, alice_, "x", std::nullopt, Seq{1}})), 4040);
  EXPECT_EQ(code_of(history().append({room_, alice_, "x", std::nullopt, Seq{0}})), 4040);
  EXPECT_EQ(say(room_, alice_), 1);
}

TEST_P(HistoryContract, pages_in_both_directions_with_exclusive_bounds) {
  for (int i = 0; i < 7; ++i) say(room_, alice_);

  const HistoryPage newest = page(bob_, {.limit = 3});
  EXPECT_THAT(seqs(newest), ElementsAre(5, 6, 7));
  EXPECT_TRUE(newest.has_more);
  EXPECT_EQ(newest.newest_seq, 7);

  const HistoryPage older = page(bob_, {.before = 5, .limit = 4});
  EXPECT_THAT(seqs(older), ElementsAre(1, 2, 3, 4));
  EXPECT_FALSE(older.has_more);

  const HistoryPage middle = page(bob_, {.before = 5, .limit = 3});
  EXPECT_THAT(seqs(middle), ElementsAre(2, 3, 4));
  EXPECT_TRUE(middle.has_more);

  const HistoryPage newer = page(bob_, {.after = 2, .limit = 3});
  EXPECT_THAT(seqs(newer), ElementsAre(3, 4, 5));
  EXPECT_TRUE(newer.has_more);

  const HistoryPage rest = page(bob_, {.after = 4, .limit = 3});
  EXPECT_THAT(seqs(rest), ElementsAre(5, 6, 7));
  EXPECT_FALSE(rest.has_more);
}

TEST_P(HistoryContract, takes_bounds_beyond_the_history_as_its_ends) {
  EXPECT_THAT(seqs(page(bob_)), IsEmpty());
  say(room_, alice_);
  constexpr Seq kHuge = std::numeric_limits<Seq>::max();
  constexpr Seq kTiny = std::numeric_limits<Seq>::min();

  EXPECT_THAT(seqs(page(bob_, {.before = kHuge})), ElementsAre(1));
  EXPECT_THAT(seqs(page(bob_, {.before = kTiny})), IsEmpty());
  EXPECT_THAT(seqs(page(bob_, {.before = 1})), IsEmpty());
  EXPECT_THAT(seqs(page(bob_, {.after = kTiny})), ElementsAre(1));
  EXPECT_THAT(seqs(page(bob_, {.after = 1})), IsEmpty());
  EXPECT_THAT(seqs(page(bob_, {.after = kHuge})), IsEmpty());
  EXPECT_THAT(seqs(page(bob_, {.limit = 0})), ElementsAre(1));
  EXPECT_EQ(code_of(history().page(room_, bob_, {.before = 2, .after = 1})), 4002);
}

TEST_P(HistoryContract, raises_watermarks_and_never_lowers_them) {
  for (int i = 0; i < 3; ++i) say(room_, alice_);

  const Watermark raised = read(bob_, 2);
  EXPECT_EQ(raised.seq, 2);
  EXPECT_TRUE(raised.raised);
  const Watermark lower = read(bob_, 1);
  EXPECT_EQ(lower.seq, 2);
  EXPECT_FALSE(lower.raised);
  const Watermark beyond = read(bob_, 1000);
  EXPECT_EQ(beyond.seq, 3);
  EXPECT_TRUE(beyond.raised);
  EXPECT_EQ(watermark_of(bob_), 3);
  EXPECT_EQ(watermark_of(carol_), 0);
}

TEST_P(HistoryContract, raises_the_senders_watermark_to_his_message) {
  say(room_, bob_);
  say(room_, bob_);
  say(room_, alice_);

  EXPECT_EQ(watermark_of(alice_), 3);
  EXPECT_EQ(watermark_of(bob_), 2);
}

TEST_P(HistoryContract, counts_for_each_message_the_members_who_have_not_read_it) {
  say(room_, alice_);
  say(room_, alice_);
  say(room_, bob_);
  say(room_, alice_);
  EXPECT_THAT(unread_counts(), ElementsAre(1, 1, 1, 2));

  read(carol_, 2);
  EXPECT_THAT(unread_counts(), ElementsAre(0, 0, 1, 2));
  read(bob_, 4);
  EXPECT_THAT(unread_counts(), ElementsAre(0, 0, 1, 1));
}

TEST_P(HistoryContract, counts_current_members_only) {
  say(room_, alice_);
  EXPECT_THAT(unread_counts(), ElementsAre(2));

  run(rooms().leave(room_, carol_));
  EXPECT_THAT(unread_counts(), ElementsAre(1, 0));
  // Who comes in has read what was said before; who comes back too, and the sender is never
  // counted.
  run(rooms().invite(room_, alice_, {carol_, stranger_}));
  EXPECT_THAT(unread_counts(), ElementsAre(1, 0, 0));
  run(rooms().leave(room_, alice_));
  run(rooms().invite(room_, bob_, {alice_}));
  EXPECT_THAT(unread_counts(), ElementsAre(1, 0, 0, 0, 0));
}

TEST_P(HistoryContract, shows_the_present_names_of_senders) {
  say(room_, bob_);
  run(rooms().leave(room_, bob_));
  run(members().rename(bob_, "Robert"));

  const HistoryPage read = page(alice_);

  ASSERT_EQ(read.messages.size(), 2U);
  EXPECT_EQ(read.messages[0].sender.name, "Robert");
  EXPECT_THAT(names_of(*read.messages[1].members), ElementsAre("Robert"));
}

}  // namespace
}  // namespace chat
