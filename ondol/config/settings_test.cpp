#include <ondol/config/settings.hpp>

#include <functional>

#include <gtest/gtest.h>

namespace ondol::config {
namespace {

using namespace std::chrono_literals;

std::string failure_of(const std::function<void()>& read) {
  try {
    read();
  } catch (const SettingsError& e) {
    return e.what();
  }
  return "(was read)";
}

// WB-421.
TEST(SettingsTest, names_are_relaxed) {
  Settings settings;
  settings.set("jwt.secretKey", "x", "test");
  EXPECT_EQ(settings.find("jwt.secret-key"), "x");
  EXPECT_EQ(settings.find("JWT.secret_key"), "x");
  const Settings environment{{{"the environment",
                               {{"jwt_secretkey", "e"}, {"a_list_0", "zero"}, {"a_b_c", "dashed"}},
                               true}}};
  EXPECT_EQ(environment.find("jwt.secret-key"), "e");
  EXPECT_EQ(environment.find("a.list[0]"), "zero");
  EXPECT_EQ(environment.find("a.b-c"), "dashed");
}

// WB-422.
TEST(SettingsTest, values_have_units_and_ranges) {
  Settings settings;
  settings.set("a", "14d", "test");
  settings.set("b", "17MB", "test");
  settings.set("c", "x, y", "test");
  settings.set("d", "TRUE", "test");
  settings.set("e", "On_Param", "test");
  EXPECT_EQ(settings.duration("a", 0ms, ""), 14 * 24h);
  EXPECT_EQ(settings.size("b", 0, ""), 17U * 1024 * 1024);
  EXPECT_EQ(settings.list("c", {}, ""), (std::vector<std::string>{"x", "y"}));
  EXPECT_TRUE(settings.flag("d", false, ""));
  EXPECT_EQ(settings.choice("e", {"never", "on-param"}, ""), "on-param");
  EXPECT_EQ(settings.duration("absent", 5s, ""), 5s);
}

// WB-423.
TEST(SettingsTest, a_malformed_value_names_key_value_source_and_what_was_expected) {
  Settings settings;
  for (const auto* name : {"a", "b", "c", "d", "e"}) settings.set(name, "eighty", "some file");
  EXPECT_EQ(failure_of([&] { static_cast<void>(settings.number("a", 0, 0, 65535, "")); }),
            "a = 'eighty' (some file): expected a whole number from 0 to 65535");
  EXPECT_EQ(failure_of([&] { static_cast<void>(settings.duration("b", 0ms, "")); }),
            "b = 'eighty' (some file): expected a duration such as 500ms, 10s, 20m, 12h or 14d");
  EXPECT_EQ(failure_of([&] { static_cast<void>(settings.size("c", 0, "")); }),
            "c = 'eighty' (some file): expected a size such as 65536, 64KB or 17MB");
  EXPECT_EQ(failure_of([&] { static_cast<void>(settings.flag("d", false, "")); }),
            "d = 'eighty' (some file): expected true or false");
  EXPECT_EQ(failure_of([&] { static_cast<void>(settings.choice("e", {"x", "y"}, "")); }),
            "e = 'eighty' (some file): expected x or y");
}

TEST(SettingsTest, numbers_that_overflow_are_refused) {
  Settings settings;
  settings.set("a", "99999999999999999999", "test");
  settings.set("b", "9999999999GB", "test");
  EXPECT_THROW(static_cast<void>(settings.number("a", 0, 0, 10, "")), SettingsError);
  EXPECT_THROW(static_cast<void>(settings.size("b", 0, "")), SettingsError);
}

// WB-420.
TEST(SettingsTest, placeholders_are_replaced) {
  Settings settings;
  settings.set("host", "h", "test");
  settings.set("which", "host", "test");
  settings.set("url", "http://${host}:${port:80}/${${which}}/${none:${host}}", "test");
  EXPECT_EQ(settings.find("url"), "http://h:80/h/h");
  settings.set("bad", "${file.dir}", "test");
  EXPECT_EQ(failure_of([&] { static_cast<void>(settings.find("bad")); }),
            "Could not resolve placeholder 'file.dir' in value \"${file.dir}\" of bad");
  settings.set("a", "${b}", "test");
  settings.set("b", "${a}", "test");
  EXPECT_NE(failure_of([&] { static_cast<void>(settings.find("a")); }).find("each other"),
            std::string::npos);
}

// WB-423.
TEST(SettingsTest, an_unknown_key_below_a_known_group_is_told_with_the_nearest_name) {
  Settings settings;
  settings.set("server.prot", "1", "the command line");
  settings.set("foreign.key", "1", "the command line");
  settings.set("server.names[0]", "1", "the command line");
  static_cast<void>(settings.number("server.port", 0, 0, 1, ""));
  static_cast<void>(settings.list("server.names", {}, ""));
  EXPECT_EQ(settings.unknown_keys(),
            std::vector<std::string>{"server.prot (the command line); did you mean server.port?"});
}

}  // namespace
}  // namespace ondol::config
