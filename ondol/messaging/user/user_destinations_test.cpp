#include <ondol/messaging/user/user_destinations.hpp>

#include <stdexcept>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <ondol/messaging/messaging_test_support.hpp>

namespace ondol::messaging {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

class UserDestinationsTest : public ::testing::Test {
 protected:
  std::shared_ptr<FakeSession> listening(const std::string& id, const std::string& user) {
    auto session = parts_.session(id, user);
    parts_.subscribe(*session, "q", parts_.user_destinations.for_session("/user/queue/x", id));
    return session;
  }
  void send(std::string destination, std::shared_ptr<FakeSession> from = {}) {
    Message message;
    message.destination = std::move(destination);
    message.body = "hi";
    parts_.on_loop([&] {
      message.session = std::move(from);
      parts_.user_destinations.send(std::move(message));
    });
  }

  Parts parts_;
  std::shared_ptr<FakeSession> phone_ = listening("phone", "ann");
  std::shared_ptr<FakeSession> desk_ = listening("desk", "ann");
  std::shared_ptr<FakeSession> bob_ = listening("b", "bob");
};

// UD-2.
TEST_F(UserDestinationsTest, become_destinations_of_one_session) {
  EXPECT_EQ(parts_.user_destinations.for_session("/user/queue/x", "abc"), "/queue/x-userabc");
}

// UD-6, UD-3: all sessions of the user, under the name that they subscribed to.
TEST_F(UserDestinationsTest, reach_every_session_of_the_user) {
  parts_.on_loop([&] {
    parts_.user_destinations.send_to_user("ann", "/queue/x", [] {
      Message m;
      m.body = "hi";
      return m;
    }());
  });
  EXPECT_THAT(parts_.sink.heard["phone"], ElementsAre("q /user/queue/x hi"));
  EXPECT_THAT(parts_.sink.heard["desk"], ElementsAre("q /user/queue/x hi"));
  EXPECT_THAT(parts_.sink.heard["b"], IsEmpty());
}

// UD-8: to oneself means the sending session.
TEST_F(UserDestinationsTest, are_narrowed_to_the_sending_session_of_the_same_user) {
  send("/user/ann/queue/x", phone_);
  EXPECT_THAT(parts_.sink.heard["phone"], ElementsAre("q /user/queue/x hi"));
  EXPECT_THAT(parts_.sink.heard["desk"], IsEmpty());
  send("/user/ann/queue/x", bob_);
  EXPECT_THAT(parts_.sink.heard["desk"], ElementsAre("q /user/queue/x hi"));
}

// UD-7, UD-14: unknown users and what has no user lead nowhere.
TEST_F(UserDestinationsTest, of_nobody_lead_nowhere) {
  send("/user/nobody/queue/x", bob_);
  send("/user/queue", bob_);
  send("/user/queue/x", bob_);
  EXPECT_THAT(parts_.sink.heard, IsEmpty());
}

// UD-16.
TEST_F(UserDestinationsTest, decode_the_slash_of_a_name_and_refuse_it_undecoded) {
  auto slash = listening("s", "a/b");
  send("/user/a%2Fb/queue/x", bob_);
  EXPECT_THAT(parts_.sink.heard["s"], ElementsAre("q /user/queue/x hi"));
  EXPECT_THROW(parts_.user_destinations.send_to_user("a%2Fb", "/queue/x", {}),
               std::invalid_argument);
}

}  // namespace
}  // namespace ondol::messaging
