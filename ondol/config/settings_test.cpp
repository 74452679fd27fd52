#include <ondol/config/settings.hpp>

#include <stdlib.h>

#include <array>
#include <filesystem>
#include <fstream>

#include <gtest/gtest.h>

namespace ondol::config {
namespace {

using namespace std::chrono_literals;

class SettingsTest : public ::testing::Test {
 protected:
  SettingsTest() {
    std::string name = std::filesystem::temp_directory_path() / "ondol-settings-XXXXXX";
    directory_ = ::mkdtemp(name.data());
  }
  ~SettingsTest() override { std::filesystem::remove_all(directory_); }

  void write(const std::string& file, const std::string& text) {
    std::ofstream{directory_ / file} << text;
  }

  template <std::size_t N>
  Settings load(const std::array<const char*, N>& arguments) {
    return Settings::load(static_cast<int>(N), arguments.data(), directory_);
  }
  Settings load() { return load(std::array{"server"}); }

  std::filesystem::path directory_;
};

TEST_F(SettingsTest, the_later_source_wins) {
  write("application.yaml", "server:\n  port: 1\n  address: a\n  backlog: 3\n");
  write("application.properties", "# comment\nserver.port = 2\nserver.address=b\n");
  ::setenv("SERVER_PORT", "3", 1);
  EXPECT_EQ(load().number("server.port", 0, 0, 100), 3);
  EXPECT_EQ(load(std::array{"server", "--server.port=4"}).number("server.port", 0, 0, 100), 4);
  ::unsetenv("SERVER_PORT");
  EXPECT_EQ(load().number("server.port", 0, 0, 100), 2);
  EXPECT_EQ(load().text("server.address", ""), "b");
  EXPECT_EQ(load().number("server.backlog", 0, 0, 100), 3);
}

TEST_F(SettingsTest, names_are_relaxed) {
  ::setenv("JWT_SECRETKEY", "from the environment", 1);
  EXPECT_EQ(load().text("jwt.secret-key", ""), "from the environment");
  ::unsetenv("JWT_SECRETKEY");
  EXPECT_EQ(load(std::array{"server", "--jwt.secretKey=x"}).text("jwt.secret-key", ""), "x");
}

TEST_F(SettingsTest, durations_sizes_flags_and_lists_have_units_and_ranges) {
  Settings settings;
  settings.set("a", "14d", "test");
  settings.set("b", "17MB", "test");
  settings.set("c", "x, y", "test");
  settings.set("d", "TRUE", "test");
  EXPECT_EQ(settings.duration("a", 0ms), 14 * 24h);
  EXPECT_EQ(settings.size("b", 0), 17U * 1024 * 1024);
  EXPECT_EQ(settings.list("c", {}), (std::vector<std::string>{"x", "y"}));
  EXPECT_TRUE(settings.flag("d", false));
  EXPECT_EQ(settings.duration("absent", 5s), 5s);
}

TEST_F(SettingsTest, a_malformed_value_names_key_value_and_source) {
  Settings settings;
  settings.set("server.port", "eighty", "the command line");
  try {
    static_cast<void>(settings.number("server.port", 0, 0, 65535));
    FAIL() << "was read";
  } catch (const SettingsError& e) {
    EXPECT_STREQ(
        e.what(),
        "server.port = 'eighty' (the command line): expected a whole number from 0 to 65535");
  }
}

TEST_F(SettingsTest, an_unknown_key_below_a_known_group_is_told_with_the_nearest_name) {
  const auto settings = load(std::array{"server", "--server.prot=1", "--foreign.key=1"});
  static_cast<void>(settings.find("server.port"));
  const auto unknown = settings.unknown_keys();
  ASSERT_EQ(unknown.size(), 1U);
  EXPECT_EQ(unknown[0], "server.prot (the command line); did you mean server.port?");
}

}  // namespace
}  // namespace ondol::config
