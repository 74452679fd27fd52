#include <ondol/websocket/deflate/codec.hpp>

#include <zlib.h>

#include <algorithm>
#include <array>
#include <memory>
#include <new>

namespace ondol::websocket {
namespace {

// What a sync flush ends with; left out on the wire (§7.2.1).
constexpr std::string_view kTail{"\x00\x00\xff\xff", 4};
constexpr std::size_t kStep = 16'384;
constexpr int kLevel = 6;
constexpr int kMemory = 8;

Bytef* octets(std::string_view text) {
  return reinterpret_cast<Bytef*>(const_cast<char*>(text.data()));
}

struct Inflater {
  Inflater() {
    if (::inflateInit2(&stream, -15) != Z_OK) throw std::bad_alloc{};
  }
  ~Inflater() { ::inflateEnd(&stream); }
  Inflater(const Inflater&) = delete;
  Inflater& operator=(const Inflater&) = delete;

  z_stream stream{};
};

struct Deflater {
  explicit Deflater(int window_bits) {
    if (::deflateInit2(&stream, kLevel, Z_DEFLATED, -window_bits, kMemory, Z_DEFAULT_STRATEGY) !=
        Z_OK) {
      throw std::bad_alloc{};
    }
  }
  ~Deflater() { ::deflateEnd(&stream); }
  Deflater(const Deflater&) = delete;
  Deflater& operator=(const Deflater&) = delete;

  z_stream stream{};
};

Unpacked inflate_piece(z_stream& stream, std::string_view piece, std::size_t limit,
                       std::string& out) {
  stream.next_in = octets(piece);
  stream.avail_in = static_cast<uInt>(piece.size());
  for (;;) {
    std::array<char, kStep> step;
    stream.next_out = reinterpret_cast<Bytef*>(step.data());
    stream.avail_out = static_cast<uInt>(step.size());
    const int result = ::inflate(&stream, Z_SYNC_FLUSH);
    const auto made = step.size() - stream.avail_out;
    if (made > limit - out.size()) return Unpacked::too_big;
    out.append(step.data(), made);
    if (result == Z_STREAM_END) {
      // §7.2.3.4: a final block may be followed by others, which may refer to what was before it.
      ::inflateResetKeep(&stream);
    } else if (result != Z_OK && result != Z_BUF_ERROR) {
      return Unpacked::corrupt;
    }
    if (stream.avail_in == 0 && stream.avail_out != 0) return Unpacked::complete;
    if (result == Z_BUF_ERROR && made == 0) return Unpacked::corrupt;
  }
}

}  // namespace

Unpacked inflate_message(std::string_view packed, std::size_t limit, std::string& out) {
  thread_local Inflater inflater;
  ::inflateReset(&inflater.stream);
  out.clear();
  const auto result = inflate_piece(inflater.stream, packed, limit, out);
  return result == Unpacked::complete ? inflate_piece(inflater.stream, kTail, limit, out) : result;
}

std::string_view deflate_message(std::string_view message, int window_bits) {
  thread_local std::array<std::unique_ptr<Deflater>, 16> deflaters;
  thread_local std::string packed;
  auto& deflater = deflaters[static_cast<std::size_t>(window_bits)];
  if (!deflater) deflater = std::make_unique<Deflater>(window_bits);
  auto& stream = deflater->stream;
  ::deflateReset(&stream);
  packed.resize(message.size() + kTail.size());
  stream.next_in = octets(message);
  stream.avail_in = static_cast<uInt>(message.size());
  stream.next_out = reinterpret_cast<Bytef*>(packed.data());
  stream.avail_out = static_cast<uInt>(packed.size());
  const int result = ::deflate(&stream, Z_SYNC_FLUSH);
  const auto size = packed.size() - stream.avail_out;
  // No room left: perhaps more would have come.
  if (result != Z_OK || stream.avail_out == 0 || size < kTail.size()) return {};
  return std::string_view{packed}.substr(0, size - kTail.size());
}

}  // namespace ondol::websocket
