#include <ondol/messaging/dispatcher.hpp>

#include <stdexcept>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <ondol/messaging/messaging_test_support.hpp>

namespace ondol::messaging {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

struct Said {
  std::string text;
};

class DispatcherTest : public ::testing::Test {
 protected:
  DispatcherTest() {
    for (const auto* destination : {"/topic/echo/5", "/sub/room/5", "/sub/other"}) {
      parts_.subscribe(*listener_, destination, destination);
    }
    parts_.subscribe(*session_, "q",
                     parts_.user_destinations.for_session("/user/queue/errors", "s"));
    parts_.subscribe(*session_, "mine",
                     parts_.user_destinations.for_session("/user/queue/mine", "s"));
  }

  bool dispatch(std::string destination, std::string body,
                MessageType type = MessageType::message) {
    bool effective = false;
    parts_.on_loop([&] {
      Message message;
      message.type = type;
      message.destination = std::move(destination);
      message.subscription_id = "sub";
      message.content_type = "application/json";
      message.body = std::move(body);
      message.session = session_;
      message.user = session_->user();
      start(
          [](Dispatcher& dispatcher, Message m, bool& done) -> Task<void> {
            done = co_await dispatcher.dispatch(std::move(m));
          }(parts_.dispatcher, std::move(message), effective),
          [] {}, [](const std::exception_ptr&) { ADD_FAILURE() << "thrown"; });
    });
    return effective;
  }
  std::vector<std::string>& heard(const std::string& session) { return parts_.sink.heard[session]; }

  Parts parts_;
  std::shared_ptr<FakeSession> session_ = parts_.session("s", "ann");
  std::shared_ptr<FakeSession> listener_ = parts_.session("l");
};

// AH-1 to AH-3, RV-2: the result goes to /topic + what is behind the prefix.
TEST_F(DispatcherTest, gives_messages_below_its_prefix_to_handlers) {
  parts_.dispatcher.message("/echo/{n}", [](Path<"n", int> n, Body<Said> said) {
    return Said{said->text + std::to_string(*n)};
  });
  EXPECT_TRUE(parts_.dispatcher.owns("/pub/echo/5"));
  EXPECT_FALSE(parts_.dispatcher.owns("/public"));
  EXPECT_TRUE(dispatch("/pub/echo/5", R"({"text":"hi"})"));
  EXPECT_THAT(heard("l"), ElementsAre(R"(/topic/echo/5 /topic/echo/5 {"text":"hi5"})"));
}

// RV-3, RV-5, RV-7.
TEST_F(DispatcherTest, sends_results_where_the_route_says) {
  parts_.dispatcher.message("/say/{room}", [](Path<"room"> room) { return *room; })
      .send_to("/sub/room/{room}")
      .send_to("/sub/other")
      .send_to_user("/queue/mine")
      .only_this_session();
  EXPECT_TRUE(dispatch("/pub/say/5", ""));
  EXPECT_THAT(heard("l"), ElementsAre("/sub/room/5 /sub/room/5 5", "/sub/other /sub/other 5"));
  EXPECT_THAT(heard("s"), ElementsAre("mine /user/queue/mine 5"));
}

// RV-12: a subscribe mapping answers once.
TEST_F(DispatcherTest, answers_a_subscribe_mapping_directly) {
  parts_.dispatcher.subscribe("/now", [] { return std::string{"now"}; });
  EXPECT_TRUE(dispatch("/pub/now", "", MessageType::subscribe));
  EXPECT_THAT(session_->replies, ElementsAre("sub now"));
}

// ER-22 to ER-24, ER-33, ER-34, CH-35.
TEST_F(DispatcherTest, tells_failures_on_the_error_queue) {
  parts_.dispatcher.message("/fail", [] { throw Error{ErrorCode{4040}, "no room"}; });
  parts_.dispatcher.message("/crash", [] { throw std::runtime_error{"secret"}; });
  parts_.dispatcher.message("/typed", [](Body<Said>) {});
  for (const auto* destination : {"/pub/fail", "/pub/crash", "/pub/typed", "/pub/unmapped"}) {
    EXPECT_FALSE(dispatch(destination, "{"));
  }
  EXPECT_THAT(heard("s"), ElementsAre(HasSubstr(R"({"code":"4040","reason":"no room"})"),
                                      HasSubstr(R"({"code":"5000","reason":)"),
                                      HasSubstr(R"({"code":"4003","reason":)"),
                                      HasSubstr(R"({"code":"4041","reason":)")));
}

// AH-6, and a pattern that lacks what its handler asks for.
TEST_F(DispatcherTest, refuses_routes_that_cannot_be_meant) {
  parts_.dispatcher.message("/a/{x}", [](Path<"x">) {});
  EXPECT_THROW(parts_.dispatcher.message("/a/{x}", [](Path<"x">) {}), std::logic_error);
  EXPECT_THROW(
      parts_.dispatcher.message(bind::at_run_time{std::string_view{"/b"}}, [](Path<"x">) {}),
      std::logic_error);
}

// RV-1.
TEST_F(DispatcherTest, sends_nothing_when_nothing_is_returned) {
  parts_.dispatcher.message("/void", [] {});
  parts_.dispatcher.message("/none", []() -> std::optional<std::string> { return std::nullopt; });
  EXPECT_TRUE(dispatch("/pub/void", ""));
  EXPECT_TRUE(dispatch("/pub/none", ""));
  EXPECT_THAT(heard("l"), IsEmpty());
}

}  // namespace
}  // namespace ondol::messaging
