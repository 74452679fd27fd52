#include <apps/chat/errors/reasons.hpp>

#include <algorithm>
#include <charconv>

#include <ondol/base/text.hpp>

namespace chat {
namespace {

struct Entry {
  std::uint16_t code;
  std::string_view english;
  std::string_view korean;
};

constexpr Entry kCatalogue[] = {
    {4000, "The request is malformed.", "잘못된 요청입니다."},
    {4001, "A parameter is missing.", "필수 항목이 없습니다."},
    {4002, "A parameter is not valid.", "요청 값이 올바르지 않습니다."},
    {4003, "The body cannot be read.", "본문을 읽을 수 없습니다."},
    {4010, "Authentication is required.", "로그인이 필요합니다."},
    {4011, "The token has expired.", "만료된 JWT 토큰입니다."},
    {4012, "The privileges do not suffice.", "권한이 부족합니다."},
    {4013, "The token is not valid.", "잘못된 JWT 서명입니다."},
    {4014, "Only the owner may do this.", "소유자만 할 수 있습니다."},
    {4030, "Access denied.", "접근 권한이 없습니다."},
    {4031, "The address is blocked.", "차단된 주소입니다."},
    {4032, "The account is suspended.", "정지된 계정입니다."},
    {4033, "The role is not allowed.", "허용되지 않는 역할입니다."},
    {4040, "Not found.", "찾을 수 없습니다."},
    {4041, "No such resource.", "존재하지 않는 경로입니다."},
    {4042, "Deleted or moved.", "삭제되었거나 옮겨졌습니다."},
    {4050, "Not allowed here.", "허용되지 않는 요청입니다."},
    {4060, "Not acceptable.", "제공할 수 없는 형식입니다."},
    {4090, "Conflict.", "요청이 충돌합니다."},
    {4091, "It exists already.", "이미 존재합니다."},
    {4092, "Changed meanwhile.", "그사이에 변경되었습니다."},
    {4120, "The precondition failed.", "사전 조건이 맞지 않습니다."},
    {4130, "Too large.", "크기 제한을 넘었습니다."},
    {4150, "The type is not supported.", "지원하지 않는 형식입니다."},
    {4220, "A required value is missing.", "필수 입력값이 없습니다."},
    {4221, "Validation failed.", "입력값이 올바르지 않습니다."},
    {4290, "Too many requests.", "요청이 너무 많습니다. 잠시 후 다시 시도해 주세요."},
    {5000, "Internal error", "서버 오류가 발생했습니다."},
    {5030, "The service is unavailable.", "지금은 서비스를 이용할 수 없습니다."},
};

// Says more than its code does.
constexpr std::string_view kBadLogin = "아이디 또는 비밀번호가 맞지 않습니다.";
constexpr std::string_view kBadLoginInEnglish = "The login id or the password is wrong.";

enum class Language { unsaid, english, korean };

// Of the two, the one with the greater weight; the first of equal ones (RFC 9110 §12.5.4).
Language preferred(std::string_view languages) {
  Language best = Language::unsaid;
  double best_weight = 0;
  while (!languages.empty()) {
    const auto comma = std::min(languages.find(','), languages.size());
    const auto range = ondol::trim(languages.substr(0, comma));
    languages.remove_prefix(std::min(comma + 1, languages.size()));
    const auto semicolon = std::min(range.find(';'), range.size());
    const auto tag = ondol::to_lower(ondol::trim(range.substr(0, semicolon)));
    const bool korean = tag == "ko" || tag.starts_with("ko-");
    if (!korean && tag != "en" && !tag.starts_with("en-")) continue;
    double weight = 1;
    if (const auto q = range.find("q=", semicolon); q != std::string_view::npos) {
      const auto number = ondol::trim(range.substr(q + 2));
      weight = 0;
      std::from_chars(number.data(), number.data() + number.size(), weight);
    }
    if (weight <= best_weight) continue;
    best_weight = weight;
    best = korean ? Language::korean : Language::english;
  }
  return best;
}

bool is_ascii(std::string_view text) {
  return std::ranges::all_of(text, [](char c) { return static_cast<unsigned char>(c) < 0x80; });
}

}  // namespace

std::string reason_in(std::uint16_t code, std::string_view thrown, std::string_view languages) {
  const auto language = preferred(languages);
  const auto* const entry = std::ranges::find(kCatalogue, code, &Entry::code);
  if (language == Language::unsaid || entry == std::end(kCatalogue)) return std::string{thrown};
  if (thrown == kBadLogin && language == Language::english) return std::string{kBadLoginInEnglish};
  const bool wanted = is_ascii(thrown) == (language == Language::english);
  if (wanted) return std::string{thrown};
  return std::string{language == Language::korean ? entry->korean : entry->english};
}

}  // namespace chat
