#include <apps/load/wire.hpp>

#include <gtest/gtest.h>

namespace load {
namespace {

std::string unmasked(std::string frame, std::size_t header) {
  frame[1] = static_cast<char>(frame[1] & 0x7F);
  frame.erase(header, 4);
  return frame;
}

TEST(Wire, reads_frames_of_every_length) {
  for (const std::size_t size : {0U, 1U, 125U, 126U, 65'535U, 65'536U, 200'000U}) {
    std::string frame;
    append_frame(frame, Opcode::text, std::string(size, 'x'));
    frame = unmasked(frame, size < 126 ? 2 : size < 65'536 ? 4 : 10);
    const auto whole = frame.size();
    for (const std::size_t part : {std::size_t{0}, std::size_t{1}, whole / 2, whole - 1}) {
      if (part < whole) EXPECT_FALSE(read_frame(frame.substr(0, part)));
    }
    const auto read = read_frame(frame + "more");
    ASSERT_TRUE(read);
    EXPECT_EQ(read->size, whole);
    EXPECT_EQ(read->payload.size(), size);
    EXPECT_TRUE(read->final);
  }
}

TEST(Wire, finds_headers_and_body) {
  const std::string frame{"MESSAGE\na:1\nab:2\nc:x\\cy\n\nbody\n\nmore\0", 36};
  EXPECT_EQ(header_of(frame, "a"), "1");
  EXPECT_EQ(header_of(frame, "ab"), "2");
  EXPECT_EQ(header_of(frame, "b"), "");
  EXPECT_EQ(body_of(frame), "body\n\nmore");
}

TEST(Wire, finds_a_stamp_wherever_it_is) {
  const auto text = write_stamp({77, 123'456'789, 0x1234'5678'9abc'def0}, 128);
  EXPECT_EQ(text.size(), 128U);
  const auto stamp = read_stamp("{\"content\":\"" + text + "\"}");
  ASSERT_TRUE(stamp);
  EXPECT_EQ(stamp->sender, 77U);
  EXPECT_EQ(stamp->number, 123'456'789U);
  EXPECT_EQ(stamp->due, 0x1234'5678'9abc'def0U);
  EXPECT_FALSE(read_stamp(text.substr(0, 39)));
  EXPECT_FALSE(read_stamp("none"));
  EXPECT_EQ(write_stamp({}, 0).size(), Stamp::kSize);
}

}  // namespace
}  // namespace load
