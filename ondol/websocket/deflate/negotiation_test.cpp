#include <ondol/websocket/deflate/negotiation.hpp>

#include <gtest/gtest.h>

namespace ondol::websocket {
namespace {

std::string answer(const std::vector<std::string_view>& headers) {
  const auto agreement = accept_deflate(headers);
  return agreement ? agreement->response : "(none)";
}

const std::string kBoth =
    "permessage-deflate; server_no_context_takeover; client_no_context_takeover";

// RFC 7692 §7.1.
TEST(DeflateNegotiation, answers_what_was_offered) {
  EXPECT_EQ(answer({"permessage-deflate"}), kBoth);
  EXPECT_EQ(answer({"permessage-deflate; client_max_window_bits"}), kBoth);
  EXPECT_EQ(answer({"Permessage-Deflate;server_no_context_takeover ; client_no_context_takeover"}),
            kBoth);
  for (int bits = 9; bits <= 15; ++bits) {
    const auto n = std::to_string(bits);
    const auto offer = "permessage-deflate; server_max_window_bits=" + n;
    EXPECT_EQ(answer({offer}), kBoth + "; server_max_window_bits=" + n);
    EXPECT_EQ(accept_deflate({offer})->server_window_bits, bits);
  }
  EXPECT_EQ(answer({"permessage-deflate; client_max_window_bits=\"8\""}),
            kBoth + "; client_max_window_bits=8");
}

// zlib cannot compress with a window of 256 octets.
TEST(DeflateNegotiation, declines_the_smallest_window_for_the_server) {
  EXPECT_EQ(answer({"permessage-deflate; server_max_window_bits=8"}), "(none)");
  EXPECT_EQ(answer({"permessage-deflate; server_max_window_bits=8, permessage-deflate"}), kBoth);
}

TEST(DeflateNegotiation, takes_the_first_offer_that_can_be_kept) {
  EXPECT_EQ(answer({"x-webkit-deflate-frame", "permessage-bzip2, permessage-deflate; bad",
                    "permessage-deflate; server_max_window_bits=10, permessage-deflate"}),
            kBoth + "; server_max_window_bits=10");
}

TEST(DeflateNegotiation, declines_what_is_malformed) {
  for (const auto* parameter :
       {"server_no_context_takeover=1", "client_no_context_takeover=", "server_max_window_bits",
        "server_max_window_bits=7", "server_max_window_bits=16", "server_max_window_bits=09",
        "server_max_window_bits=+9", "client_max_window_bits=abc",
        "client_max_window_bits=", "client_max_window_bits; client_max_window_bits", "unknown", "",
        "server_no_context_takeover; server_no_context_takeover",
        "server_max_window_bits=10; server_max_window_bits=10"}) {
    const auto text = std::string{"permessage-deflate; "} + parameter;
    EXPECT_EQ(answer({text}), "(none)") << parameter;
  }
  EXPECT_EQ(answer({}), "(none)");
  EXPECT_EQ(answer({""}), "(none)");
  EXPECT_EQ(answer({"\"permessage-deflate"}), "(none)");
}

}  // namespace
}  // namespace ondol::websocket
