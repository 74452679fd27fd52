#include <ondol/web/web.hpp>

#include <gtest/gtest.h>

#include <ondol/base/error.hpp>

namespace ondol::web {
namespace {

struct RoomNo {
  std::int64_t value;
};
struct Greeting {
  std::string hello;
  int times = 1;
};

class GreetingController {
 public:
  void routes(Routes<GreetingController>& on) const {
    on.get("/hello/{name}", &GreetingController::hello);
    on.post("/greetings", &GreetingController::create).status(201);
    on.del("/greetings/{id}", &GreetingController::remove);
    on.get("/rooms/{roomNo}", &GreetingController::room);
    on.get("/rooms/lobby", &GreetingController::lobby);
    on.get("/broken", &GreetingController::broken);
    on.get("/later", &GreetingController::later);
  }

 private:
  Greeting hello(Path<"name"> name, Query<"times", int, 1> times) const { return {*name, *times}; }
  Greeting create(Body<Greeting> greeting) const { return *greeting; }
  void remove(Path<"id", int>) const {}
  std::string room(Path<"roomNo", RoomNo> room) const { return std::to_string(room->value); }
  std::string lobby(std::optional<Header<"X-Name">> name) const { return name ? **name : "lobby"; }
  std::string broken() const { throw std::runtime_error{"internal text"}; }
  Task<Greeting> later() const { co_return Greeting{"later", 2}; }
};

class WebTest : public ::testing::Test {
 protected:
  WebTest() {
    web_.mount(controller_);
    endpoint_ = web_.endpoint();
  }

  http::Response send(http::Method method, std::string target, std::string body = "",
                      std::string type = "application/json") {
    http::Request request;
    request.method = method;
    const auto question = target.find('?');
    request.path = target.substr(0, question);
    if (question != std::string::npos) request.query = target.substr(question + 1);
    request.body = std::move(body);
    if (!type.empty()) request.headers.add("Content-Type", type);
    http::Response response;
    start(
        endpoint_(request),
        [&](http::Outcome outcome) { response = std::get<http::Response>(outcome); },
        [](std::exception_ptr) { ADD_FAILURE() << "an exception left the edge"; });
    return response;
  }
  http::Response get(std::string target) { return send(http::Method::get, std::move(target)); }

  GreetingController controller_;
  Web web_;
  http::Endpoint endpoint_;
};

TEST_F(WebTest, binds_path_and_query_and_answers_json) {
  const auto response = get("/hello/%EC%98%A8%EB%8F%8C?times=2");
  EXPECT_EQ(response.status, 200);
  EXPECT_EQ(response.headers.first("Content-Type"), "application/json");
  EXPECT_EQ(response.body, R"({"hello":"온돌","times":2})");
  EXPECT_EQ(get("/hello/x").body, R"({"hello":"x","times":1})");
}

TEST_F(WebTest, a_parameter_that_does_not_convert_is_4002) {
  const auto response = get("/hello/x?times=many");
  EXPECT_EQ(response.status, 400);
  EXPECT_EQ(response.body,
            R"({"code":"4002","reason":"Parameter 'times' must be a whole number."})");
}

TEST_F(WebTest, a_body_is_read_and_its_errors_name_the_place) {
  EXPECT_EQ(send(http::Method::post, "/greetings", R"({"hello":"you","times":3})").status, 201);
  EXPECT_EQ(send(http::Method::post, "/greetings", R"({"hello":5})").body,
            R"({"code":"4003","reason":"/hello: expected string, got integer"})");
  EXPECT_EQ(send(http::Method::post, "/greetings", "").status, 400);
  EXPECT_EQ(send(http::Method::post, "/greetings", "x", "text/plain").status, 415);
}

TEST_F(WebTest, a_literal_beats_a_variable) {
  EXPECT_EQ(get("/rooms/lobby").body, "lobby");
  EXPECT_EQ(get("/rooms/7").body, "7");
}

TEST_F(WebTest, void_is_204_and_tasks_are_awaited) {
  EXPECT_EQ(send(http::Method::del, "/greetings/1").status, 204);
  EXPECT_EQ(get("/later").body, R"({"hello":"later","times":2})");
}

TEST_F(WebTest, unknown_paths_are_404_and_other_methods_405_with_allow) {
  EXPECT_EQ(get("/nowhere").status, 404);
  const auto response = send(http::Method::put, "/hello/x");
  EXPECT_EQ(response.status, 405);
  EXPECT_EQ(response.headers.first("Allow"), "GET,HEAD");
}

TEST_F(WebTest, internal_texts_stay_inside) {
  EXPECT_EQ(get("/broken").body, R"({"code":"5000","reason":"Internal error"})");
}

TEST_F(WebTest, a_broken_escape_is_a_bad_request) {
  EXPECT_EQ(get("/hello/%zz").status, 400);
}

TEST(Web, an_advice_answers_for_the_nearest_type) {
  struct Api {
    void routes(Advice<Api>& on) const { on.error(&Api::known, 418); }
    std::string known(const Error& e) const { return e.what(); }
  } api;
  Web web;
  web.get("/", []() -> std::string { throw Error{ErrorCode{4090}, "taken"}; });
  web.advise(api);
  auto endpoint = web.endpoint();
  http::Request request;
  request.path = "/";
  int status = 0;
  start(
      endpoint(request),
      [&](http::Outcome outcome) { status = std::get<http::Response>(outcome).status; },
      [](std::exception_ptr) {});
  EXPECT_EQ(status, 418);
}

TEST(Web, a_handler_whose_variable_is_not_in_the_pattern_stops_the_start) {
  Web web;
  EXPECT_THROW(
      web.get(bind::at_run_time{"/rooms/{room}"}, [](Path<"roomNo"> room) { return *room; }),
      std::logic_error);
}

}  // namespace
}  // namespace ondol::web
