#include <ondol/json/codec.hpp>

#include <gtest/gtest.h>

namespace ondol::json {
namespace {

struct Price {
  std::int32_t amount = 0;
  std::string currency = "KRW";
};
struct Identifier {
  std::string value;
};
struct Order {
  std::int64_t order_id = 0;
  std::string name;
  bool paid = false;
  std::optional<std::string> remark;
  std::vector<Price> prices;
  Identifier identifier;
  std::map<std::string, double> weights;
};

template <class T>
JsonError error_of(std::string_view text) {
  try {
    from_json<T>(text);
  } catch (const JsonError& e) {
    return e;
  }
  ADD_FAILURE() << "was read: " << text;
  return {"", "", ""};
}

TEST(Json, writes_camel_case_and_leaves_empty_optionals_out) {
  const Order order{7,      "안녕 \"x\"\n", true, std::nullopt, {{1, "KRW"}, {2, "EUR"}},
                    {"id"}, {{"a", 0.5}}};

  EXPECT_EQ(
      to_json(order),
      R"({"orderId":7,"name":"안녕 \"x\"\n","paid":true,"prices":[{"amount":1,"currency":"KRW"},)"
      R"({"amount":2,"currency":"EUR"}],"identifier":"id","weights":{"a":0.5}})");
}

TEST(Json, reads_what_it_writes) {
  const auto text =
      R"({"orderId":7,"name":"n","paid":true,"remark":"r","prices":[{"amount":1}],"identifier":"i"})";

  const auto order = from_json<Order>(text);

  EXPECT_EQ(order.order_id, 7);
  EXPECT_EQ(order.remark, "r");
  ASSERT_EQ(order.prices.size(), 1U);
  EXPECT_EQ(order.prices[0].currency, "KRW");
  EXPECT_EQ(order.identifier.value, "i");
}

TEST(Json, ignores_unknown_members_and_takes_null_for_absent) {
  EXPECT_EQ(from_json<Order>(R"({"unknown":[{}],"remark":null,"name":"n"})").name, "n");
}

TEST(Json, names_path_expected_and_actual) {
  const auto error = error_of<Order>(R"({"prices":[{"amount":1},{"amount":"x"}]})");

  EXPECT_EQ(error.path(), "/prices/1/amount");
  EXPECT_EQ(error.expected(), "integer");
  EXPECT_EQ(error.actual(), "string");
}

TEST(Json, an_integer_must_fit_and_be_whole) {
  EXPECT_EQ(error_of<Price>(R"({"amount":3000000000})").path(), "/amount");
  EXPECT_EQ(error_of<Price>(R"({"amount":1.5})").actual(), "number");
}

TEST(Json, refuses_depth_garbage_and_bad_utf8) {
  EXPECT_EQ(error_of<Order>(std::string(1000, '[')).actual(), "more");
  EXPECT_NE(error_of<Order>("{} x").actual().find("octet 3"), std::string::npos);
  EXPECT_EQ(error_of<Order>("{\"name\":\"\xff\"}").expected(), "UTF-8");
  EXPECT_EQ(error_of<Order>("").actual(), "nothing");
  EXPECT_EQ(error_of<Order>("{\"name\":").actual(), "the beginning of one");
  EXPECT_EQ(error_of<Order>("[]").expected(), "object");
}

TEST(Json, times_are_iso_8601_in_utc) {
  const auto instant = from_json<std::vector<Instant>>(R"(["2026-11-21T09:30:00.123Z"])");

  EXPECT_EQ(to_json(instant), R"(["2026-11-21T09:30:00.123Z"])");
  EXPECT_THROW(from_json<std::vector<Instant>>(R"(["yesterday"])"), JsonError);
}

TEST(Json, control_characters_are_escaped) {
  EXPECT_EQ(to_json(std::string{"\x01\x1f"}), R"("\u0001\u001f")");
}

}  // namespace
}  // namespace ondol::json
