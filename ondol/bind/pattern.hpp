#pragma once

#include <compare>
#include <cstddef>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace ondol::bind {

using Variables = std::vector<std::pair<std::string, std::string>>;

// A pattern of paths or destinations (messaging.md 4.5): ? * ** {name}. Parsed once, matched often.
class Pattern {
 public:
  // Throws std::invalid_argument for braces that do not match, an empty name, or a {name:regex}.
  static Pattern parse(std::string_view text, char separator);

  bool matches(std::string_view path) const { return match(path, nullptr); }
  bool match(std::string_view path, Variables* variables) const;

  const std::string& text() const { return text_; }
  bool is_literal() const { return literal_; }
  const std::vector<std::string>& variable_names() const { return names_; }

  // Negative when this one is more specific for `path` than `other` (PM-8); 0 when they tie.
  int compare(const Pattern& other, std::string_view path) const;

 private:
  struct Piece {
    enum class Kind { literal, any_text, one_character, variable } kind;
    std::string text;  // of a literal; the name of a variable
  };
  struct Token {
    bool any_tokens = false;  // **
    std::vector<Piece> pieces;
  };

  static Token parse_token(std::string_view text);
  bool match_tokens(std::size_t token, const std::vector<std::string_view>& path, std::size_t at,
                    Variables* variables) const;
  static bool match_pieces(const std::vector<Piece>& pieces, std::size_t piece,
                           std::string_view text, Variables* variables);

  std::string text_;
  char separator_ = '/';
  bool literal_ = false;
  std::vector<Token> tokens_;
  std::vector<std::string> names_;
  std::size_t single_stars_ = 0;
  std::size_t double_stars_ = 0;
  std::size_t length_ = 0;  // each variable counts 1
};

}  // namespace ondol::bind
