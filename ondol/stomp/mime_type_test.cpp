#include <ondol/stomp/mime_type.hpp>

#include <string>

#include <gtest/gtest.h>

namespace ondol::stomp {
namespace {

TEST(MimeType, is_type_and_subtype_and_parameters) {  // ST-31
  for (const auto* good :
       {"text/plain", " text/plain ", "application/vnd.a+json", "text/plain;charset=UTF-8",
        "text/plain; charset=\"utf-8\"", "text/plain;charset='utf-8'", "text/x-a; q=\"b;c d\";r=1",
        "text/plain;", "text/plain;;x=1", "text/plain;flag", "text/plain; x = 1", "*/*", "*",
        "application/*", "a/b;charset=EUC-KR", "a/b;charset=iso-8859-15",
        "a/b;charset=Windows-1252"}) {
    EXPECT_TRUE(is_mime_type(good)) << good;
  }
}

TEST(MimeType, refuses_everything_else) {  // ST-31
  for (const auto* bad :
       {"", " ", "foo", "text/", "/plain", "text/pl ain", "text/plain/x", "te,xt/plain", "*/json",
        "text/plain;=1", "text/plain;x=", "text/plain;x=a b", "text/plain;x y=1", "한/글", ";x=1",
        "text/plain;x=\"a", "text/\x7f"}) {
    EXPECT_FALSE(is_mime_type(bad)) << bad;
  }
}

TEST(MimeType, must_name_a_known_charset) {  // ST-31
  for (const auto* bad : {"no-such", "\"no-such\"", "iso-8859-12", "iso-8859-17", "iso-8859-",
                          "iso-8859-01", "windows-1259", "utf-9", "\"\""}) {
    EXPECT_FALSE(is_mime_type("text/plain;charset=" + std::string{bad})) << bad;
  }
  EXPECT_FALSE(is_mime_type("text/plain;a=b;CHARSET=no-such"));
}

TEST(MimeType, covers_octet_streams_itself_or_by_wildcard) {  // ST-49
  for (const auto* yes :
       {"application/octet-stream", "Application/Octet-Stream;a=b", "*/*", "*", "application/*"}) {
    EXPECT_TRUE(covers_octet_stream(yes)) << yes;
  }
  for (const auto* no : {"", "text/plain", "application/json", "application/octet-streams",
                         "text/*", "application/*+json"}) {
    EXPECT_FALSE(covers_octet_stream(no)) << no;
  }
}

}  // namespace
}  // namespace ondol::stomp
