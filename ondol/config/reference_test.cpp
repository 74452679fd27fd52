#include <ondol/config/reference.hpp>

#include <gtest/gtest.h>

namespace ondol::config {
namespace {

Settings some() {
  Settings settings;
  settings.set("jwt.secret-key", "hush", "test");
  static_cast<void>(settings.secret("jwt.secret-key", "the key"));
  static_cast<void>(settings.duration("a.time", std::chrono::seconds{90}, "how long"));
  static_cast<void>(settings.size("a.size", 65536, "how much"));
  return settings;
}

TEST(Reference, has_a_row_for_each_setting_that_was_read) {
  EXPECT_EQ(reference(some()),
            "| name | value | default | |\n|---|---|---|---|\n"
            "| `a.size` | size | `64KB` | how much |\n"
            "| `a.time` | duration | `90s` | how long |\n"
            "| `jwt.secret-key` | secret |  | the key |\n");
}

// WB-425.
TEST(Reference, shows_no_secret) {
  EXPECT_EQ(effective(some()), "a.size=64KB\na.time=90s\njwt.secret-key=******\n");
}

}  // namespace
}  // namespace ondol::config
