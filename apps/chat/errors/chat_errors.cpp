#include <apps/chat/errors/chat_errors.hpp>

#include <utility>

#include <ondol/base/utf8.hpp>

namespace chat {
namespace {

// White space beyond ASCII that people type: no-break, ideographic and zero-width blanks.
bool is_only_white_space(std::string_view text) {
  static constexpr std::string_view kWide[] = {"\xC2\xA0", "\xE3\x80\x80", "\xE2\x80\x83",
                                               "\xE2\x80\x8B"};
  while (!text.empty()) {
    if (text.front() == ' ' || (text.front() >= '\t' && text.front() <= '\r')) {
      text.remove_prefix(1);
      continue;
    }
    bool wide = false;
    for (const auto blank : kWide) {
      if (!text.starts_with(blank)) continue;
      text.remove_prefix(blank.size());
      wide = true;
      break;
    }
    if (!wide) return false;
  }
  return true;
}

}  // namespace

ErrorBody to_body(const ValidationError& e) {
  return {std::to_string(e.code().value()), e.what(), e.errors(), std::nullopt};
}

ErrorBody to_body(const TooManyRequests& e) {
  return {std::to_string(e.code().value()), e.what(), std::nullopt, e.retry_after()};
}

Validation& Validation::length(std::string_view field, std::string_view text, std::size_t minimum,
                               std::size_t maximum) {
  const auto size = ondol::count_code_points(text);
  return check(
      size >= minimum && size <= maximum && !is_only_white_space(text), field, "Length",
      "must have " + std::to_string(minimum) + " to " + std::to_string(maximum) + " characters");
}

Validation& Validation::check(bool valid, std::string_view field, std::string_view code,
                              std::string_view message) {
  if (!valid) errors_.push_back({std::string{field}, std::string{code}, std::string{message}});
  return *this;
}

void Validation::finish() {
  if (!errors_.empty()) throw ValidationError{std::move(errors_)};
}

}  // namespace chat
