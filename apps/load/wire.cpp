#include <apps/load/wire.hpp>

#include <algorithm>
#include <cstring>

namespace load {
namespace {

constexpr std::string_view kMark = "@!#~";
constexpr std::string_view kDigits = "0123456789abcdef";

void append_hex(std::string& out, std::uint64_t value, int digits) {
  for (int i = digits - 1; i >= 0; --i) out += kDigits[(value >> (4 * i)) & 15];
}

std::optional<std::uint64_t> read_hex(std::string_view text) {
  std::uint64_t value = 0;
  for (const char c : text) {
    std::uint64_t digit = 0;
    if (c >= '0' && c <= '9') {
      digit = static_cast<std::uint64_t>(c - '0');
    } else if (c >= 'a' && c <= 'f') {
      digit = static_cast<std::uint64_t>(c - 'a' + 10);
    } else {
      return std::nullopt;
    }
    value = value << 4 | digit;
  }
  return value;
}

}  // namespace

void append_frame(std::string& out, Opcode opcode, std::string_view payload) {
  out += static_cast<char>(0x80 | static_cast<int>(opcode));
  const auto size = payload.size();
  if (size < 126) {
    out += static_cast<char>(0x80 | size);
  } else {
    const int octets = size < 65'536 ? 2 : 8;
    out += static_cast<char>(0x80 | (octets == 2 ? 126 : 127));
    for (int i = octets - 1; i >= 0; --i) out += static_cast<char>(size >> (8 * i));
  }
  out.append(4, '\0');
  out += payload;
}

std::optional<ServerFrame> read_frame(std::string_view octets) {
  if (octets.size() < 2) return std::nullopt;
  const auto octet = [&](std::size_t i) { return static_cast<unsigned char>(octets[i]); };
  std::size_t header = 2;
  std::uint64_t length = octet(1) & 0x7FU;
  const std::size_t extra = length == 126 ? 2 : length == 127 ? 8 : 0;
  if (extra > 0) {
    header += extra;
    if (octets.size() < header) return std::nullopt;
    length = 0;
    for (std::size_t i = 0; i < extra; ++i) length = length << 8 | octet(2 + i);
  }
  if (length > octets.size() - header) return std::nullopt;
  ServerFrame frame;
  frame.opcode = static_cast<Opcode>(octet(0) & 0x0FU);
  frame.final = (octet(0) & 0x80U) != 0;
  frame.payload = octets.substr(header, static_cast<std::size_t>(length));
  frame.size = header + static_cast<std::size_t>(length);
  return frame;
}

std::string_view header_of(std::string_view frame, std::string_view name) {
  const auto head = frame.substr(0, frame.find("\n\n"));
  for (auto at = head.find('\n'); at != std::string_view::npos; at = head.find('\n', at + 1)) {
    const auto line = head.substr(at + 1, head.find('\n', at + 1) - at - 1);
    if (line.size() > name.size() && line.starts_with(name) && line[name.size()] == ':') {
      return line.substr(name.size() + 1);
    }
  }
  return {};
}

std::string_view body_of(std::string_view frame) {
  const auto head = frame.find("\n\n");
  if (head == std::string_view::npos) return {};
  auto body = frame.substr(head + 2);
  if (body.ends_with('\0')) body.remove_suffix(1);
  return body;
}

std::string write_stamp(const Stamp& stamp, std::size_t size) {
  std::string text{kMark};
  append_hex(text, stamp.sender, 6);
  append_hex(text, stamp.number, 14);
  append_hex(text, stamp.due, 16);
  text.resize(std::max(size, text.size()), '.');
  return text;
}

std::optional<Stamp> read_stamp(std::string_view text) {
  const void* found = ::memmem(text.data(), text.size(), kMark.data(), kMark.size());
  if (found == nullptr) return std::nullopt;
  text.remove_prefix(static_cast<std::size_t>(static_cast<const char*>(found) - text.data()));
  if (text.size() < Stamp::kSize) return std::nullopt;
  const auto sender = read_hex(text.substr(4, 6));
  const auto number = read_hex(text.substr(10, 14));
  const auto due = read_hex(text.substr(24, 16));
  if (!sender || !number || !due) return std::nullopt;
  return Stamp{static_cast<std::uint32_t>(*sender), *number, *due};
}

}  // namespace load
