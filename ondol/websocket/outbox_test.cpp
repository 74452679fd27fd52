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

}  // namespace
}  // namespace ondol::websocket
