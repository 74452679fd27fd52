#include <ondol/base/ids.hpp>

#include <stdexcept>

#include <openssl/rand.h>

#include <ondol/base/encoding.hpp>

namespace ondol {
namespace {

std::string random_octets(std::size_t count) {
  std::string octets(count, '\0');
  if (RAND_bytes(reinterpret_cast<unsigned char*>(octets.data()), static_cast<int>(count)) != 1) {
    throw std::runtime_error{"the system's random generator failed"};
  }
  return octets;
}

bool is_hex(char c) {
  return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F');
}

}  // namespace

std::string random_hex(std::size_t octets) {
  return hex_encode(random_octets(octets));
}

std::string random_uuid() {
  std::string octets = random_octets(16);
  octets[6] = static_cast<char>((octets[6] & 0x0F) | 0x40);
  octets[8] = static_cast<char>((octets[8] & 0x3F) | 0x80);
  std::string text = hex_encode(octets);
  for (const std::size_t at : {20U, 16U, 12U, 8U}) text.insert(at, 1, '-');
  return text;
}

bool is_uuid(std::string_view text) {
  if (text.size() != 36) return false;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const bool dash = i == 8 || i == 13 || i == 18 || i == 23;
    if (dash ? text[i] != '-' : !is_hex(text[i])) return false;
  }
  return true;
}

}  // namespace ondol
