#include <ondol/log/logger.hpp>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace ondol::log {
namespace {

using ::testing::ElementsAre;

TEST(Logger, writes_category_and_text) {
  const Capture capture;

  Logger{"test.a"}.info("{} and {}", 1, "two");

  EXPECT_THAT(capture.lines(), ElementsAre("test.a - 1 and two"));
}

TEST(Logger, what_a_client_sends_cannot_begin_a_line) {
  const Capture capture;

  Logger{"test.b"}.warn("name {}", "x\r\n2026 ERROR forged");

  EXPECT_THAT(capture.lines(), ElementsAre("test.b - name x\\x0d\\x0a2026 ERROR forged"));
}

TEST(Logger, the_nearest_category_decides_the_level) {
  const Capture capture;
  set_level("test.c", Level::error);
  set_level("test.c.loud", Level::debug);

  Logger{"test.c.quiet"}.warn("not written");
  Logger{"test.c.loud.deep"}.debug("written");

  EXPECT_THAT(capture.lines(), ElementsAre("test.c.loud.deep - written"));
}

}  // namespace
}  // namespace ondol::log
