#include <ondol/bind/error_table.hpp>

#include <stdexcept>
#include <string>

#include <gtest/gtest.h>

namespace ondol::bind {
namespace {

TEST(ErrorTable, the_nearest_type_wins_whatever_the_order) {
  ErrorTable<std::string> table;
  table.add<std::exception>([](const std::exception&) { return "any"; });
  table.add<std::invalid_argument>([](const std::invalid_argument&) { return "argument"; });
  table.add<std::logic_error>([](const std::logic_error&) { return "logic"; });

  EXPECT_EQ(table.find(std::invalid_argument{""}), "argument");
  EXPECT_EQ(table.find(std::out_of_range{""}), "logic");
  EXPECT_EQ(table.find(std::runtime_error{""}), "any");
}

TEST(ErrorTable, finds_nothing_where_no_type_fits) {
  ErrorTable<int> table;
  table.add<std::logic_error>([](const std::logic_error&) { return 1; });

  EXPECT_EQ(table.find(std::runtime_error{""}), std::nullopt);
}

}  // namespace
}  // namespace ondol::bind
