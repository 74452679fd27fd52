#include <ondol/websocket/receiver.hpp>

#include <string>
#include <vector>

#include <gtest/gtest.h>

#include <ondol/websocket/deflate/codec.hpp>

namespace ondol::websocket {
namespace {

// A client's frame, masked.
std::string frame(int first, std::string_view payload) {
  std::string out{static_cast<char>(first)};
  if (payload.size() < 126) {
    out += static_cast<char>(0x80 | static_cast<int>(payload.size()));
  } else {
    out += static_cast<char>(0x80 | 126);
    out += static_cast<char>(payload.size() >> 8);
    out += static_cast<char>(payload.size() & 0xFF);
  }
  const char mask[] = {1, 2, 3, 4};
  out.append(mask, 4);
  for (std::size_t i = 0; i < payload.size(); ++i)
    out += static_cast<char>(payload[i] ^ mask[i % 4]);
  return out;
}

struct Seen {
  std::vector<std::string> events;
  CloseStatus close;
};

// Feeds the octets in pieces of `step`.
Seen receive(std::string octets, std::size_t step, std::size_t limit = 65'536,
             bool inflates = false) {
  Receiver receiver{limit, inflates};
  Seen seen;
  for (std::size_t at = 0; at < octets.size(); at += step) {
    std::string piece = octets.substr(at, step);
    char* input = piece.data();
    std::size_t size = piece.size();
    for (auto event = receiver.next(input, size); event != Receiver::Event::need_more;
         event = receiver.next(input, size)) {
      static constexpr const char* kNames[] = {"",      "text ", "binary ", "ping ",
                                               "pong ", "close", "failed"};
      const bool ends = event == Receiver::Event::close || event == Receiver::Event::failed;
      seen.events.push_back(kNames[static_cast<int>(event)] +
                            (ends ? "" : std::string{receiver.payload()}));
      seen.close = receiver.close();
    }
  }
  return seen;
}

TEST(Receiver, tells_messages_and_control_frames_wherever_they_are_cut) {  // HS-19
  const std::string octets = frame(0x81, "hello") + frame(0x01, "안") + frame(0x89, "p") +
                             frame(0x80, "녕") + frame(0x82, std::string(300, 'b')) +
                             frame(0x8A, "");
  const std::vector<std::string> expected{"text hello", "ping p", "text 안녕",
                                          "binary " + std::string(300, 'b'), "pong "};
  for (std::size_t step = 1; step <= octets.size(); ++step) {
    EXPECT_EQ(receive(octets, step).events, expected) << step;
  }
}

TEST(Receiver, refuses_faults_with_1002) {  // RFC 6455 5.1, 5.2, 5.4, 5.5
  const std::string faults[] = {
      frame(0xC1, "x"),                         // reserved bit
      frame(0x83, "x"),                         // reserved opcode
      frame(0x8B, "x"),                         // reserved control opcode
      std::string("\x81\x01x", 3),              // not masked
      frame(0x09, "x"),                         // fragmented control frame
      frame(0x89, std::string(126, 'x')),       // long control frame
      frame(0x80, "x"),                         // continuation of nothing
      frame(0x01, "x") + frame(0x81, "y"),      // a new message within one
      frame(0x88, "x"),                         // close with half a code
      frame(0x88, std::string("\x03\xED", 2)),  // 1005
      frame(0x88, std::string("\x00\x01", 2)),  // 1
      std::string("\x81\xFE\x00\x05\x01\x02\x03\x04xxxxx",
                  13),  // a length in more octets than it needs
  };
  for (const auto& octets : faults) {
    const auto seen = receive(octets, 1);
    ASSERT_FALSE(seen.events.empty());
    EXPECT_EQ(seen.events.back(), "failed");
    EXPECT_EQ(seen.close.code, kProtocolError);
  }
}

TEST(Receiver, refuses_invalid_utf8_at_its_first_octet) {  // CC-6
  const auto octets = frame(0x81, "ab\xFFrest");
  const auto seen = receive(octets.substr(0, 6 + 3), 1);
  ASSERT_EQ(seen.events, std::vector<std::string>{"failed"});
  EXPECT_EQ(seen.close.code, kInvalidPayload);
  EXPECT_EQ(receive(frame(0x81, "\xED\x95"), 1).close.code, kInvalidPayload);
}

TEST(Receiver, takes_a_message_of_the_limit_and_refuses_one_octet_more) {  // LM-2, CC-8
  EXPECT_EQ(receive(frame(0x82, std::string(200, 'x')), 7, 200).events.size(), 1U);
  EXPECT_EQ(receive(frame(0x82, std::string(201, 'x')), 7, 200).close.code, kMessageTooBig);
  EXPECT_EQ(receive(frame(0x02, std::string(150, 'x')) + frame(0x80, std::string(51, 'x')), 7, 200)
                .close.code,
            kMessageTooBig);
}

// RFC 7692 §6, §7.2.3: compressed messages, in one frame or in several, beside others.
TEST(Receiver, unpacks_compressed_messages_wherever_they_are_cut) {
  const std::string hello{"\xf2\x48\xcd\xc9\xc9\x07\x00", 7};
  const auto octets = frame(0xC1, hello) + frame(0x41, hello.substr(0, 3)) + frame(0x89, "p") +
                      frame(0x80, hello.substr(3)) + frame(0x81, "plain") + frame(0xC2, hello);
  const std::vector<std::string> expected{"text Hello", "ping p", "text Hello", "text plain",
                                          "binary Hello"};
  for (std::size_t step = 1; step <= octets.size(); ++step) {
    EXPECT_EQ(receive(octets, step, 65'536, true).events, expected) << step;
  }
}

TEST(Receiver, judges_compressed_messages_by_what_they_unpack_to) {
  const std::string zeros{deflate_message(std::string(1'000, '0'), 15)};
  EXPECT_EQ(receive(frame(0xC2, zeros), 7, 1'000, true).events.size(), 1U);
  EXPECT_EQ(receive(frame(0xC2, zeros), 7, 999, true).close.code, kMessageTooBig);
  const std::string text = std::string(100, 'x') + '\xff';
  EXPECT_EQ(receive(frame(0xC1, deflate_message(text, 15)), 7, 999, true).close.code,
            kInvalidPayload);
  EXPECT_EQ(receive(frame(0xC1, "\xff\xff\xff"), 7, 999, true).close.code, kInvalidPayload);
}

TEST(Receiver, takes_the_compressed_bit_only_on_first_frames_of_messages) {
  const std::string hello{"\xf2\x48\xcd\xc9\xc9\x07\x00", 7};
  for (const auto& octets : {frame(0xC9, "x"), frame(0x41, hello) + frame(0xC0, ""),
                             frame(0xA1, "x"), frame(0x91, "x"), frame(0xE1, "x")}) {
    EXPECT_EQ(receive(octets, 1, 65'536, true).close.code, kProtocolError);
  }
}

// CC-6: every way to cut every kind of text.
TEST(Receiver, judges_utf8_the_same_wherever_it_is_cut) {
  const std::string good =
      "\x7f\xc2\x80\xdf\xbf\xe0\xa0\x80\xed\x9f\xbf\xef\xbf\xbf\xf0\x90\x80\x80\xf4\x8f\xbf\xbf";
  const std::vector<std::string> bad{
      "\xc0\x80",         "\xc1\xbf",         "\xe0\x9f\xbf", "\xed\xa0\x80", "\xf0\x8f\xbf\xbf",
      "\xf4\x90\x80\x80", "\xf5\x80\x80\x80", "\x80",         "\xff",         "\xe2\x82"};
  for (std::size_t cut = 0; cut <= good.size(); ++cut) {
    const auto octets = frame(0x01, good.substr(0, cut)) + frame(0x80, good.substr(cut));
    for (std::size_t step = 1; step <= 5; ++step) {
      EXPECT_EQ(receive(octets, step).events, std::vector<std::string>{"text " + good}) << cut;
    }
  }
  for (const auto& text : bad) {
    for (std::size_t cut = 0; cut <= text.size(); ++cut) {
      const auto octets = frame(0x01, "a" + text.substr(0, cut)) + frame(0x80, text.substr(cut));
      EXPECT_EQ(receive(octets, 1).close.code, kInvalidPayload) << cut;
    }
  }
}

TEST(Receiver, tells_every_close_code_that_may_be_sent_and_refuses_the_others) {
  for (int code = 0; code <= 5'000; ++code) {
    const std::string payload{static_cast<char>(code >> 8), static_cast<char>(code & 0xFF)};
    const bool good = (code >= 1000 && code <= 1003) || (code >= 1007 && code <= 1014) ||
                      (code >= 3000 && code <= 4999);
    EXPECT_EQ(receive(frame(0x88, payload), 9).close.code, good ? code : kProtocolError) << code;
  }
}

TEST(Receiver, reads_the_peers_close) {
  const auto seen = receive(frame(0x88, std::string("\x03\xE8", 2) + "bye"), 1);
  EXPECT_EQ(seen.close.code, 1000);
  EXPECT_EQ(seen.close.reason, "bye");
  EXPECT_EQ(receive(frame(0x88, ""), 1).close.code, kNoStatusReceived);
}

}  // namespace
}  // namespace ondol::websocket
