#include <gtest/gtest.h>

#include <ondol/base/dates.hpp>
#include <ondol/base/encoding.hpp>
#include <ondol/base/ids.hpp>
#include <ondol/base/text.hpp>

namespace ondol {
namespace {

TEST(Base64, is_strict_about_padding_and_unused_bits) {
  EXPECT_EQ(base64_encode("foobar"), "Zm9vYmFy");
  EXPECT_EQ(base64_encode("fo"), "Zm8=");
  EXPECT_EQ(base64_decode("Zm8="), "fo");
  EXPECT_EQ(base64_decode("Zm8"), std::nullopt);
  EXPECT_EQ(base64_decode("Zm9="), std::nullopt);
  EXPECT_EQ(base64_decode("Zm 8="), std::nullopt);
}

TEST(Base64Url, has_no_padding) {
  EXPECT_EQ(base64url_encode("\xff\xfe"), "__4");
  EXPECT_EQ(base64url_decode("__4"), "\xff\xfe");
  EXPECT_EQ(base64url_decode("__4="), std::nullopt);
  EXPECT_EQ(base64url_decode("__5"), std::nullopt);
  EXPECT_EQ(base64url_decode("A"), std::nullopt);
}

TEST(Percent, decodes_or_refuses) {
  EXPECT_EQ(percent_decode("a%20b+%ED%95%9C"), "a b+한");
  EXPECT_EQ(percent_decode("%2"), std::nullopt);
  EXPECT_EQ(percent_decode("%zz"), std::nullopt);
}

TEST(Ids, are_uuids_of_version_4_and_differ) {
  const auto id = random_uuid();
  EXPECT_TRUE(is_uuid(id));
  EXPECT_EQ(id[14], '4');
  EXPECT_NE(id, random_uuid());
  EXPECT_FALSE(is_uuid("0190f7a0-0000-0000-0000-00000000000g"));
  EXPECT_FALSE(is_uuid(id + "0"));
}

TEST(Dates, are_written_and_read_in_utc) {
  const auto instant = parse_iso8601("2026-11-21T09:30:00.123Z");
  ASSERT_TRUE(instant);
  EXPECT_EQ(to_iso8601(*instant), "2026-11-21T09:30:00.123Z");
  EXPECT_EQ(to_iso8601(*parse_iso8601("2026-11-21T09:30:00.5Z")), "2026-11-21T09:30:00.500Z");
  EXPECT_EQ(to_http_date(*parse_iso8601("1994-11-06T08:49:37Z")), "Sun, 06 Nov 1994 08:49:37 GMT");
  EXPECT_FALSE(parse_iso8601("2026-02-30T00:00:00Z"));
  EXPECT_FALSE(parse_iso8601("2026-11-21T09:30:00+09:00"));
}

TEST(Text, splits_trims_and_compares) {
  EXPECT_EQ(split("a,,b", ',').size(), 3U);
  EXPECT_EQ(trim(" \ta b "), "a b");
  EXPECT_TRUE(iequals("Content-LENGTH", "content-length"));
  EXPECT_EQ(parse_number<int>("12x"), std::nullopt);
  EXPECT_EQ(parse_number<std::uint8_t>("256"), std::nullopt);
  EXPECT_EQ(parse_number<long>("-7"), -7);
}

}  // namespace
}  // namespace ondol
