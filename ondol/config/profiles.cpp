#include <ondol/config/profiles.hpp>

#include <algorithm>

#include <ondol/base/text.hpp>
#include <ondol/config/settings.hpp>

namespace ondol::config {
namespace {

class Expression {
 public:
  Expression(std::string_view text, const std::vector<std::string>& active)
      : text_{text}, rest_{text}, active_{active} {}

  bool whole() {
    const bool result = operands();
    if (!rest_.empty()) refuse();
    return result;
  }

 private:
  void skip_blanks() {
    while (!rest_.empty() && (rest_.front() == ' ' || rest_.front() == '\t'))
      rest_.remove_prefix(1);
  }
  bool take(char c) {
    skip_blanks();
    if (!rest_.starts_with(c)) return false;
    rest_.remove_prefix(1);
    return true;
  }
  [[noreturn]] void refuse() const {
    throw SettingsError{"malformed profile expression [" + std::string{text_} + ']'};
  }

  bool operands() {
    bool result = operand();
    char used = 0;
    for (skip_blanks(); rest_.starts_with('&') || rest_.starts_with('|'); skip_blanks()) {
      const char op = rest_.front();
      if (used != 0 && used != op) refuse();
      used = op;
      rest_.remove_prefix(1);
      const bool right = operand();
      result = op == '&' ? result && right : result || right;
    }
    return result;
  }

  bool operand() {
    if (take('!')) return !operand();
    if (take('(')) {
      const bool result = operands();
      if (!take(')')) refuse();
      return result;
    }
    skip_blanks();
    const auto name = rest_.substr(0, rest_.find_first_of(" \t!&|()"));
    if (name.empty()) refuse();
    rest_.remove_prefix(name.size());
    return std::ranges::find(active_, name) != active_.end();
  }

  std::string_view text_;
  std::string_view rest_;
  const std::vector<std::string>& active_;
};

}  // namespace

bool matches_profiles(std::string_view expression, const std::vector<std::string>& active) {
  return std::ranges::any_of(split(expression, ','), [&](std::string_view one) {
    return Expression{trim(one), active}.whole();
  });
}

}  // namespace ondol::config
