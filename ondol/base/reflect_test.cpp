#include <ondol/base/reflect.hpp>

#include <optional>
#include <vector>

#include <gtest/gtest.h>

namespace ondol {
namespace {

struct Inner {
  std::string text;
};
struct Outer {
  int login_id = 0;
  Inner inner;
  std::optional<std::vector<int>> numbers;
};

TEST(Reflect, reads_the_names_of_the_fields) {
  struct Local {
    bool first;
    double second_one;
  };

  EXPECT_EQ(field_names<Outer>(),
            (std::array<std::string_view, 3>{"login_id", "inner", "numbers"}));
  EXPECT_EQ(field_names<Local>(), (std::array<std::string_view, 2>{"first", "second_one"}));
  EXPECT_EQ(field_names<Inner>(), (std::array<std::string_view, 1>{"text"}));
}

TEST(Reflect, visits_the_fields_in_order_and_by_reference) {
  Outer outer;
  std::string seen;

  for_each_field(outer, [&](std::string_view name, auto& field) {
    seen += name;
    if constexpr (std::is_same_v<decltype(field), int&>) field = 5;
  });

  EXPECT_EQ(seen, "login_idinnernumbers");
  EXPECT_EQ(outer.login_id, 5);
}

TEST(CamelCase, turns_words_into_members) {
  EXPECT_EQ(camel_case("last_read_seq"), "lastReadSeq");
  EXPECT_EQ(camel_case("name"), "name");
}

}  // namespace
}  // namespace ondol
