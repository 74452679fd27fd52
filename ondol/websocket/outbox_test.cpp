#include <ondol/websocket/outbox.hpp>

#include <fcntl.h>
#include <sys/socket.h>
#include <unistd.h>

#include <string>

#include <gtest/gtest.h>

namespace ondol::websocket {
namespace {

class OutboxTest : public ::testing::Test {
 protected:
  OutboxTest() {
    if (::socketpair(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK, 0, fds_) != 0)
      ADD_FAILURE() << "no socket pair";
  }
  ~OutboxTest() override {
    ::close(fds_[0]);
    ::close(fds_[1]);
  }
  std::string read_all() {
    std::string all;
    char buffer[65'536];
    while (true) {
      const auto n = ::recv(fds_[1], buffer, sizeof buffer, 0);
      if (n <= 0) return all;
      all.append(buffer, static_cast<std::size_t>(n));
    }
  }

  int fds_[2];
  Outbox outbox_;
};

TEST_F(OutboxTest, writes_whole_and_joined_messages_in_order) {
  const auto whole = FrameRef::copy_of(Opcode::text, "whole");
  outbox_.push(whole);
  outbox_.push(Opcode::text, FrameRef::copy_of(Opcode::text, "head-"),
               FrameRef::copy_of(Opcode::text, "tail"));
  outbox_.push(FrameRef::copy_of(Opcode::binary, std::string(300, 'x')));
  EXPECT_EQ(outbox_.octets(), 5U + 9U + 300U);

  EXPECT_EQ(outbox_.flush(fds_[0]), Outbox::Flushed::everything);

  EXPECT_EQ(read_all(), std::string("\x81\x05whole\x81\x09head-tail\x82\x7E\x01\x2C", 22) +
                            std::string(300, 'x'));
  EXPECT_TRUE(outbox_.empty());
  EXPECT_EQ(outbox_.octets(), 0U);
}

TEST_F(OutboxTest, goes_on_in_the_middle_of_a_message_when_the_peer_reads_again) {
  std::string expected;
  for (int i = 0; i < 200; ++i) {
    const std::string payload(10'000, static_cast<char>('a' + i % 26));
    const auto frame = FrameRef::copy_of(Opcode::text, payload);
    expected += frame->framed();
    outbox_.push(frame);
  }
  std::string got;
  auto flushed = outbox_.flush(fds_[0]);
  EXPECT_EQ(flushed, Outbox::Flushed::blocked);
  while (flushed == Outbox::Flushed::blocked) {
    got += read_all();
    flushed = outbox_.flush(fds_[0]);
  }
  got += read_all();
  EXPECT_EQ(flushed, Outbox::Flushed::everything);
  EXPECT_TRUE(got == expected);
}

TEST_F(OutboxTest, a_vanished_peer_is_told) {
  ::shutdown(fds_[1], SHUT_RD);
  ::close(fds_[1]);
  fds_[1] = ::dup(fds_[0]);
  outbox_.push(FrameRef::copy_of(Opcode::text, "x"));
  EXPECT_EQ(outbox_.flush(fds_[0]), Outbox::Flushed::broken);
}

// LM-5.
TEST_F(OutboxTest, drops_the_oldest_that_may_be_dropped) {
  for (int i = 0; i < 6; ++i) {
    outbox_.push(FrameRef::copy_of(Opcode::text, std::string(10, static_cast<char>('a' + i))),
                 i % 3 != 0);  // a and d must arrive
  }
  EXPECT_EQ(outbox_.drop_oldest(60), 0U);
  EXPECT_EQ(outbox_.drop_oldest(35), 3U);  // b, c, e
  EXPECT_EQ(outbox_.octets(), 30U);
  EXPECT_EQ(outbox_.drop_oldest(5), 1U);  // f
  EXPECT_EQ(outbox_.octets(), 20U);
  outbox_.push(FrameRef::copy_of(Opcode::text, "new"), true);
  outbox_.push(FrameRef::copy_of(Opcode::text, "newer"), true);
  EXPECT_EQ(outbox_.drop_newest(28), 0U);
  EXPECT_EQ(outbox_.drop_newest(20), 2U);
  EXPECT_EQ(outbox_.drop_newest(0), 0U) << "what must arrive was dropped";
  EXPECT_EQ(outbox_.flush(fds_[0]), Outbox::Flushed::everything);
  EXPECT_EQ(read_all(),
            "\x81\x0a"
            "aaaaaaaaaa"
            "\x81\x0a"
            "dddddddddd");
}

TEST_F(OutboxTest, never_drops_what_is_half_written) {
  const std::string large(4'000'000, 'l');
  outbox_.push(FrameRef::copy_of(Opcode::text, large), true);
  ASSERT_EQ(outbox_.flush(fds_[0]), Outbox::Flushed::blocked);
  ASSERT_TRUE(outbox_.half_written());
  outbox_.push(FrameRef::copy_of(Opcode::text, "second"), true);
  outbox_.push(Opcode::text, FrameRef::copy_of(Opcode::text, "th"),
               FrameRef::copy_of(Opcode::text, "ird"), true);
  EXPECT_EQ(outbox_.drop_oldest(0), 2U);
  EXPECT_EQ(outbox_.drop_newest(0), 0U);
  std::string all;
  while (outbox_.flush(fds_[0]) == Outbox::Flushed::blocked) all += read_all();
  all += read_all();
  EXPECT_EQ(all.size(), large.size() + 10);
}

// LM-9: what counts is the message, not what it was compressed to.
TEST_F(OutboxTest, counts_messages_uncompressed) {
  const auto frame = FrameRef::copy_of(Opcode::text, std::string(5'000, 'x'));
  const auto packed = frame.deflated(15);
  EXPECT_LT(packed->payload().size(), 100U);
  EXPECT_EQ(packed->framed()[0], '\xC1');
  EXPECT_EQ(frame.deflated(15)->payload().data(), packed->payload().data()) << "made twice";
  EXPECT_NE(frame.deflated(9)->payload().data(), packed->payload().data());
  outbox_.push(packed);
  EXPECT_EQ(outbox_.octets(), 5'000U);
  outbox_.flush(fds_[0]);
  EXPECT_EQ(outbox_.octets(), 0U);
}

}  // namespace
}  // namespace ondol::websocket
