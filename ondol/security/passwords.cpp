#include <ondol/security/passwords.hpp>

#include <array>
#include <stdexcept>

#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/rand.h>

#include <ondol/base/encoding.hpp>
#include <ondol/base/text.hpp>

namespace ondol::security {
namespace {

constexpr std::size_t kSaltSize = 16;
constexpr std::size_t kHashSize = 32;
constexpr unsigned kMaxLog2Cost = 20;
constexpr std::uint64_t kMaxMemory = 1'200'000'000;  // 2^20 with r = 8 takes 1 GiB

std::string derive(std::string_view password, std::string_view salt, unsigned log2_cost) {
  std::string hash(kHashSize, '\0');
  if (EVP_PBE_scrypt(password.data(), password.size(),
                     reinterpret_cast<const unsigned char*>(salt.data()), salt.size(),
                     std::uint64_t{1} << log2_cost, 8, 1, kMaxMemory,
                     reinterpret_cast<unsigned char*>(hash.data()), hash.size()) != 1) {
    throw std::runtime_error{"scrypt failed"};
  }
  return hash;
}

}  // namespace

std::string hash_password(std::string_view password, unsigned log2_cost) {
  std::string salt(kSaltSize, '\0');
  if (RAND_bytes(reinterpret_cast<unsigned char*>(salt.data()), static_cast<int>(salt.size())) !=
      1) {
    throw std::runtime_error{"the system's random generator failed"};
  }
  return "$scrypt$ln=" + std::to_string(log2_cost) + ",r=8,p=1$" + base64url_encode(salt) + '$' +
         base64url_encode(derive(password, salt, log2_cost));
}

bool verify_password(std::string_view password, std::string_view stored) {
  const auto parts = split(stored, '$');
  if (parts.size() != 5 || parts[1] != "scrypt") return false;
  const auto parameters = split(parts[2], ',');
  if (parameters.size() != 3 || !parameters[0].starts_with("ln=") || parameters[1] != "r=8" ||
      parameters[2] != "p=1") {
    return false;
  }
  const auto log2_cost = parse_number<unsigned>(parameters[0].substr(3));
  const auto salt = base64url_decode(parts[3]);
  const auto hash = base64url_decode(parts[4]);
  if (!log2_cost || *log2_cost < 1 || *log2_cost > kMaxLog2Cost || !salt || !hash ||
      hash->size() != kHashSize) {
    return false;
  }
  const auto derived = derive(password, *salt, *log2_cost);
  return CRYPTO_memcmp(derived.data(), hash->data(), kHashSize) == 0;
}

std::string sha256_hex(std::string_view text) {
  std::array<unsigned char, EVP_MAX_MD_SIZE> digest{};
  unsigned int size = 0;
  EVP_Digest(text.data(), text.size(), digest.data(), &size, EVP_sha256(), nullptr);
  return hex_encode({reinterpret_cast<const char*>(digest.data()), size});
}

}  // namespace ondol::security
