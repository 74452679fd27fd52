#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include <ondol/base/dates.hpp>
#include <ondol/base/result.hpp>

namespace ondol::security {

enum class JwtAlgorithm : std::uint8_t { hs256, hs384, hs512 };

// A secret bound to one algorithm (RFC 8725 §3.1): a token of any other is unsupported.
class JwtKey {
 public:
  // Throws std::invalid_argument when it is no base64 or has fewer than 32 octets (RFC 7518 §3.2).
  static JwtKey from_base64(std::string_view text, JwtAlgorithm algorithm = JwtAlgorithm::hs256);
  static JwtKey from_octets(std::string octets, JwtAlgorithm algorithm = JwtAlgorithm::hs256);

  const std::string& octets() const { return octets_; }
  JwtAlgorithm algorithm() const { return algorithm_; }

 private:
  JwtKey(std::string octets, JwtAlgorithm algorithm)
      : octets_{std::move(octets)}, algorithm_{algorithm} {}
  std::string octets_;
  JwtAlgorithm algorithm_;
};

// The registered claims that we read (RFC 7519 §4.1); others are ignored.
struct Claims {
  std::string subject;
  std::optional<Instant> issued_at;
  std::optional<Instant> not_before;
  std::optional<Instant> expires_at;
  std::string id;
};

// In the order in which a token is judged (AU-6).
enum class JwtError : std::uint8_t {
  missing,
  malformed,
  unsupported,
  forged,
  expired,
  not_yet_valid
};

// JWS compact serialisation with an HMAC (RFC 7515, 7519). Used from any thread.
class JwtVerifier {
 public:
  static constexpr std::size_t kMaxTokenSize = 8'192;

  explicit JwtVerifier(JwtKey key, std::chrono::milliseconds leeway = {})
      : key_{std::move(key)}, leeway_{leeway} {}

  Result<Claims, JwtError> verify(std::string_view token, Instant now) const;

 private:
  JwtKey key_;
  std::chrono::milliseconds leeway_;
};

class JwtSigner {
 public:
  explicit JwtSigner(JwtKey key) : key_{std::move(key)} {}
  std::string sign(const Claims& claims) const;

 private:
  JwtKey key_;
};

}  // namespace ondol::security
