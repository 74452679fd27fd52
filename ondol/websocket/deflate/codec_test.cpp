#include <ondol/websocket/deflate/codec.hpp>

#include <random>

#include <gtest/gtest.h>

namespace ondol::websocket {
namespace {

constexpr std::size_t kPlenty = std::size_t{32} << 20;

std::string unpack(std::string_view packed, std::size_t limit = kPlenty) {
  std::string out;
  switch (inflate_message(packed, limit, out)) {
    case Unpacked::complete:
      return out;
    case Unpacked::too_big:
      return "(too big)";
    default:
      return "(corrupt)";
  }
}

// RFC 7692 §7.2.3.1 to §7.2.3.5.
TEST(DeflateCodec, unpacks_the_examples_of_the_rfc) {
  EXPECT_EQ(unpack({"\xf2\x48\xcd\xc9\xc9\x07\x00", 7}), "Hello");
  EXPECT_EQ(unpack({"\x00\x05\x00\xfa\xff\x48\x65\x6c\x6c\x6f\x00", 11}), "Hello");
  EXPECT_EQ(unpack({"\xf3\x48\xcd\xc9\xc9\x07\x00\x00", 8}), "Hello");
  EXPECT_EQ(unpack({"\xf2\x48\x05\x00\x00\x00\xff\xff\xca\xc9\xc9\x07\x00", 13}), "Hello");
}

TEST(DeflateCodec, gives_back_what_it_packed_with_every_window) {
  std::mt19937 random{1};
  for (int bits = 9; bits <= 15; ++bits) {
    for (const std::size_t size : {1'000U, 65'536U, bits == 15 ? 16'000'000U : 300'000U}) {
      std::string message;
      while (message.size() < size) message += "word " + std::to_string(random() % 1000) + ' ';
      const auto packed = deflate_message(message, bits);
      ASSERT_FALSE(packed.empty());
      EXPECT_LT(packed.size(), message.size());
      EXPECT_EQ(unpack(std::string{packed}), message) << bits << ' ' << size;
    }
  }
}

TEST(DeflateCodec, keeps_nothing_from_message_to_message) {
  const std::string message(2'000, 'x');
  const std::string first{deflate_message(message, 15)};
  EXPECT_EQ(std::string{deflate_message(message, 15)}, first);
  EXPECT_EQ(unpack(first), message);
}

TEST(DeflateCodec, packs_nothing_that_would_not_be_smaller) {
  std::string noise;
  std::mt19937 random{2};
  for (int i = 0; i < 5'000; ++i) noise += static_cast<char>(random());
  EXPECT_TRUE(deflate_message(noise, 15).empty());
  EXPECT_TRUE(deflate_message("", 15).empty());
}

TEST(DeflateCodec, stops_at_the_limit) {
  const std::string packed{deflate_message(std::string(10'000'000, 'x'), 15)};
  EXPECT_LT(packed.size(), 20'000U);
  EXPECT_EQ(unpack(packed, 9'999'999), "(too big)");
  EXPECT_EQ(unpack(packed, 10'000'000).size(), 10'000'000U);
}

TEST(DeflateCodec, refuses_what_is_corrupt_and_goes_on) {
  EXPECT_EQ(unpack("\xff\xff\xff\xff"), "(corrupt)");
  EXPECT_EQ(unpack({"\x06\x00", 2}), "(corrupt)");
  EXPECT_EQ(unpack({"\xf2\x48\xcd\xc9\xc9\x07\x00", 7}), "Hello");
}

}  // namespace
}  // namespace ondol::websocket
