#pragma once

#include <string>
#include <string_view>
#include <vector>

#include <gtest/gtest.h>

#include <ondol/stomp/decoder.hpp>

namespace ondol::stomp {

// Writes NUL as ^@, as the transcripts of the contract do.
inline std::string octets(std::string_view text) {
  std::string out{text};
  for (auto at = out.find("^@"); at != std::string::npos; at = out.find("^@", at)) {
    out.replace(at, 2, 1, '\0');
  }
  return out;
}

// What the decoder makes of one more message, which must not be an error.
inline Decoded fed(Decoder& decoder, std::string_view text) {
  auto decoded = decoder.feed(octets(text));
  if (decoded) return *decoded;
  ADD_FAILURE() << decoded.error().text;
  return {};
}

// What one message decodes to, with a fresh decoder.
inline std::vector<Frame> frames_of(std::string_view text) {
  Decoder decoder{Limits{}};
  return fed(decoder, text).frames;
}

inline Frame frame_of(std::string_view text) {
  auto frames = frames_of(text);
  EXPECT_EQ(frames.size(), 1U) << text;
  return frames.empty() ? Frame{} : frames.front();
}

inline std::string error_of(std::string_view text) {
  Decoder decoder{Limits{}};
  const auto decoded = decoder.feed(octets(text));
  return decoded ? "no error" : decoded.error().text;
}

}  // namespace ondol::stomp
