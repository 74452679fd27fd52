#include <ondol/stomp/command.hpp>

#include <gtest/gtest.h>

namespace ondol::stomp {
namespace {

TEST(Command, is_written_as_it_is_read) {  // ST-16
  int count = 0;
  for (const auto* name :
       {"CONNECT", "STOMP", "SEND", "SUBSCRIBE", "UNSUBSCRIBE", "ACK", "NACK", "BEGIN", "COMMIT",
        "ABORT", "DISCONNECT", "CONNECTED", "MESSAGE", "RECEIPT", "ERROR"}) {
    const auto command = find_command(name);
    ASSERT_TRUE(command) << name;
    EXPECT_EQ(static_cast<int>(*command), count++) << name;
    EXPECT_EQ(to_text(*command), name);
  }
}

TEST(Command, is_exact) {  // ST-16
  for (const auto* name : {"", "send", "Send", "SEND ", " SEND", "SENDX", "SEN"}) {
    EXPECT_FALSE(find_command(name)) << name;
  }
}

}  // namespace
}  // namespace ondol::stomp
