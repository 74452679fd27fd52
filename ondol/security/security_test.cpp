#include <gtest/gtest.h>

#include <ondol/base/encoding.hpp>
#include <ondol/security/credentials.hpp>
#include <ondol/security/jwt.hpp>
#include <ondol/security/passwords.hpp>

namespace ondol::security {
namespace {

const Instant kNow = *parse_iso8601("2026-11-21T09:30:00Z");

JwtKey key() {
  return JwtKey::from_octets("an-example-secret-key-of-40-octets-long!");
}

JwtError error_of(std::string_view token, Instant now = kNow) {
  const auto result = JwtVerifier{key()}.verify(token, now);
  EXPECT_FALSE(result) << token;
  return result ? JwtError::missing : result.error();
}

std::string token_of(std::string_view header, std::string_view payload) {
  // Signed with the right key whatever the header says.
  const auto good = JwtSigner{key()}.sign({"x", {}, {}, {}, ""});
  (void)good;
  return base64url_encode(header) + '.' + base64url_encode(payload) + '.' +
         base64url_encode("signature");
}

TEST(Jwt, verifies_the_vector_of_rfc_7515_a_1) {
  const auto octets = base64url_decode(
      "AyM1SysPpbyDfgZld3umj1qzKObwVMkoqQ-EstJQLr_T-1qS0gZH75aKtMN3Yj0iPS4hcgUuTwjAzZr1Z9CAow");
  const JwtVerifier verifier{JwtKey::from_octets(*octets)};
  const std::string token =
      "eyJ0eXAiOiJKV1QiLA0KICJhbGciOiJIUzI1NiJ9"
      ".eyJpc3MiOiJqb2UiLA0KICJleHAiOjEzMDA4MTkzODAsDQogImh0dHA6Ly9leGFtcGxlLmNvbS9pc19yb290Ijp0cnV"
      "lfQ"
      ".dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk";
  const Instant before_expiry{std::chrono::seconds{1300819379}};

  EXPECT_TRUE(verifier.verify(token, before_expiry));
  EXPECT_EQ(verifier.verify(token, Instant{std::chrono::seconds{1300819380}}).error(),
            JwtError::expired);
}

TEST(Jwt, reads_what_it_signs) {
  const auto token =
      JwtSigner{key()}.sign({"42", kNow, {}, kNow + std::chrono::minutes{30}, "id-1"});

  const auto claims = JwtVerifier{key()}.verify(token, kNow);

  ASSERT_TRUE(claims);
  EXPECT_EQ(claims->subject, "42");
  EXPECT_EQ(claims->id, "id-1");
  EXPECT_EQ(error_of(token, kNow + std::chrono::minutes{30}),
            JwtError::expired);  // AU-5: exp <= now
}

TEST(Jwt, tells_the_failures_apart) {  // AU-5, RFC 8725
  const auto good = JwtSigner{key()}.sign({"42", {}, {}, {}, ""});
  EXPECT_EQ(error_of(""), JwtError::missing);
  EXPECT_EQ(error_of("  "), JwtError::missing);
  EXPECT_EQ(error_of("garbage"), JwtError::malformed);
  EXPECT_EQ(error_of("a.b"), JwtError::malformed);
  EXPECT_EQ(error_of(good + "="), JwtError::malformed);
  EXPECT_EQ(error_of("a.b.c.d.e"), JwtError::unsupported);
  EXPECT_EQ(error_of(token_of(R"({"alg":"none"})", "{}")), JwtError::unsupported);
  EXPECT_EQ(error_of(token_of(R"({"alg":"HS512"})", "{}")), JwtError::unsupported);
  EXPECT_EQ(error_of(token_of(R"({"alg":"RS256"})", "{}")), JwtError::unsupported);
  EXPECT_EQ(error_of(token_of(R"({"alg":"HS256","crit":["x"]})", "{}")), JwtError::unsupported);
  EXPECT_EQ(error_of(token_of(R"({"alg":"HS256"})", "{}")), JwtError::forged);
  EXPECT_EQ(error_of(token_of("nonsense", "{}")), JwtError::malformed);
  EXPECT_EQ(error_of(std::string(9000, 'a')), JwtError::malformed);
  const auto other = JwtKey::from_octets("another-secret-key-that-is-long-enough-too");
  EXPECT_EQ(error_of(JwtSigner{other}.sign({"42", {}, {}, {}, ""})), JwtError::forged);
  EXPECT_EQ(error_of(JwtSigner{key()}.sign({"42", {}, kNow + std::chrono::hours{1}, {}, ""})),
            JwtError::not_yet_valid);
}

TEST(Jwt, a_forged_and_expired_token_is_forged) {  // AU-6
  const auto other = JwtKey::from_octets("another-secret-key-that-is-long-enough-too");
  EXPECT_EQ(error_of(JwtSigner{other}.sign({"42", {}, {}, kNow - std::chrono::hours{1}, ""})),
            JwtError::forged);
}

TEST(Jwt, a_short_key_is_refused) {
  EXPECT_THROW(JwtKey::from_base64(base64_encode("too short")), std::invalid_argument);
  EXPECT_THROW(JwtKey::from_base64("no base64 at all!"), std::invalid_argument);
}

TEST(Passwords, are_salted_and_verified) {  // CH-5
  const auto stored = hash_password("secret", 10);
  EXPECT_TRUE(stored.starts_with("$scrypt$ln=10,r=8,p=1$"));
  EXPECT_NE(stored, hash_password("secret", 10));
  EXPECT_TRUE(verify_password("secret", stored));
  EXPECT_FALSE(verify_password("Secret", stored));
  EXPECT_FALSE(verify_password("secret", "$scrypt$ln=40,r=8,p=1$aa$bb"));
  EXPECT_FALSE(verify_password("secret", "plain"));
}

TEST(Credentials, take_the_token_with_or_without_its_scheme) {  // AU-1
  EXPECT_EQ(bearer_token("Bearer abc"), "abc");
  EXPECT_EQ(bearer_token("bEARER abc"), "abc");
  EXPECT_EQ(bearer_token("abc"), "abc");
  EXPECT_EQ(bearer_token("Bearer "), std::nullopt);
  EXPECT_EQ(bearer_token(" "), std::nullopt);
}

}  // namespace
}  // namespace ondol::security
