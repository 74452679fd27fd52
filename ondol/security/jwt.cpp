#include <ondol/security/jwt.hpp>

#include <array>
#include <cmath>
#include <stdexcept>
#include <utility>

#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>

#include <ondol/base/encoding.hpp>
#include <ondol/base/text.hpp>
#include <ondol/json/document.hpp>
#include <ondol/json/writer.hpp>

namespace ondol::security {
namespace {

std::string_view name_of(JwtAlgorithm algorithm) {
  switch (algorithm) {
    case JwtAlgorithm::hs256:
      return "HS256";
    case JwtAlgorithm::hs384:
      return "HS384";
    case JwtAlgorithm::hs512:
      break;
  }
  return "HS512";
}

std::string mac_of(const JwtKey& key, std::string_view text) {
  const EVP_MD* const digest = key.algorithm() == JwtAlgorithm::hs256   ? EVP_sha256()
                               : key.algorithm() == JwtAlgorithm::hs384 ? EVP_sha384()
                                                                        : EVP_sha512();
  std::array<unsigned char, EVP_MAX_MD_SIZE> mac{};
  unsigned int size = 0;
  HMAC(digest, key.octets().data(), static_cast<int>(key.octets().size()),
       reinterpret_cast<const unsigned char*>(text.data()), text.size(), mac.data(), &size);
  return {reinterpret_cast<const char*>(mac.data()), size};
}

// NumericDate: seconds, perhaps with a fraction (RFC 7519 §2). Out of range is as bad as no number.
std::optional<Instant> date_of(const json::Cursor& claim) {
  constexpr double kLatest = 253'402'300'800;  // the year 10000
  const double seconds = claim.number();
  if (!(seconds >= 0 && seconds < kLatest)) claim.fail("a time");
  return Instant{std::chrono::milliseconds{static_cast<std::int64_t>(std::floor(seconds * 1000))}};
}

Claims read_claims(const std::string& text) {
  const json::Document document{text};
  const auto root = document.root();
  root.check_object();
  Claims claims;
  if (const auto claim = root.member("sub")) claims.subject = claim->text();
  if (const auto claim = root.member("jti")) claims.id = claim->text();
  if (const auto claim = root.member("iat")) claims.issued_at = date_of(*claim);
  if (const auto claim = root.member("nbf")) claims.not_before = date_of(*claim);
  if (const auto claim = root.member("exp")) claims.expires_at = date_of(*claim);
  return claims;
}

// The `alg` of a header; nothing when the header is none. `crit` names extensions that must be
// understood, and we understand none (RFC 7515 §4.1.11).
std::optional<std::string> algorithm_of(const std::string& header) {
  try {
    const json::Document document{header};
    const auto root = document.root();
    root.check_object();
    if (root.member("crit")) return "";
    const auto algorithm = root.member("alg");
    return algorithm ? std::string{algorithm->text()} : std::string{};
  } catch (const json::JsonError&) {
    return std::nullopt;
  }
}

}  // namespace

JwtKey JwtKey::from_base64(std::string_view text, JwtAlgorithm algorithm) {
  auto octets = base64_decode(text);
  if (!octets) throw std::invalid_argument{"the key is not valid base64"};
  return from_octets(std::move(*octets), algorithm);
}

JwtKey JwtKey::from_octets(std::string octets, JwtAlgorithm algorithm) {
  if (octets.size() < 32) {
    throw std::invalid_argument{"the key has " + std::to_string(octets.size()) +
                                " octets; at least 32 are needed"};
  }
  return JwtKey{std::move(octets), algorithm};
}

Result<Claims, JwtError> JwtVerifier::verify(std::string_view token, Instant now) const {
  if (trim(token).empty()) return fail(JwtError::missing);
  if (token.size() > kMaxTokenSize) return fail(JwtError::malformed);
  const auto parts = split(token, '.');
  // Five parts are a JWE (RFC 7516 §3.1): encrypted, not signed.
  if (parts.size() == 5) return fail(JwtError::unsupported);
  if (parts.size() != 3) return fail(JwtError::malformed);
  const auto header = base64url_decode(parts[0]);
  const auto payload = base64url_decode(parts[1]);
  const auto signature = base64url_decode(parts[2]);
  if (!header || !payload || !signature) return fail(JwtError::malformed);
  const auto algorithm = algorithm_of(*header);
  if (!algorithm) return fail(JwtError::malformed);
  if (*algorithm != name_of(key_.algorithm())) return fail(JwtError::unsupported);

  const auto expected = mac_of(key_, token.substr(0, parts[0].size() + 1 + parts[1].size()));
  if (signature->size() != expected.size() ||
      CRYPTO_memcmp(signature->data(), expected.data(), expected.size()) != 0) {
    return fail(JwtError::forged);
  }
  try {
    auto claims = read_claims(*payload);
    if (claims.expires_at && *claims.expires_at + leeway_ <= now) return fail(JwtError::expired);
    if (claims.not_before && *claims.not_before > now + leeway_)
      return fail(JwtError::not_yet_valid);
    return claims;
  } catch (const json::JsonError&) {
    return fail(JwtError::malformed);
  }
}

std::string JwtSigner::sign(const Claims& claims) const {
  const auto seconds = [](Instant instant) {
    return std::to_string(
        std::chrono::floor<std::chrono::seconds>(instant).time_since_epoch().count());
  };
  std::string payload = "{\"sub\":";
  json::append_json_string(payload, claims.subject);
  if (claims.issued_at) payload += ",\"iat\":" + seconds(*claims.issued_at);
  if (claims.not_before) payload += ",\"nbf\":" + seconds(*claims.not_before);
  if (claims.expires_at) payload += ",\"exp\":" + seconds(*claims.expires_at);
  if (!claims.id.empty()) {
    payload += ",\"jti\":";
    json::append_json_string(payload, claims.id);
  }
  payload += '}';
  std::string header = R"({"alg":")";
  header += name_of(key_.algorithm());
  header += R"(","typ":"JWT"})";
  std::string token = base64url_encode(header) + '.' + base64url_encode(payload);
  const auto mac = mac_of(key_, token);
  return token + '.' + base64url_encode(mac);
}

}  // namespace ondol::security
