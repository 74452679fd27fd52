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
// Clients may bring patterns of their own, so matching takes time in proportion to the length of
// pattern and path, whatever they are.
class Pattern {
 public:
  // Stars and variables of one pattern.
  static constexpr std::size_t kMaxWildcards = 32;

  // Throws std::invalid_argument for braces that do not match, an empty name, a {name:regex}, or
  // more than kMaxWildcards.
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
    std::string text;          // of a literal; the name of a variable
    std::size_t wildcard = 0;  // the how manieth of the pattern
  };
  struct Token {
    bool any_tokens = false;  // **
    std::size_t wildcard = 0;
    std::vector<Piece> pieces;
  };

  struct Search;

  static Token parse_token(std::string_view text, std::size_t& wildcards);
  bool ends_in_any_tokens() const { return !tokens_.empty() && tokens_.back().any_tokens; }
  bool match_tokens(std::size_t token, std::size_t at, Search& search) const;
  static bool match_pieces(const std::vector<Piece>& pieces, std::size_t piece,
                           std::string_view text, std::size_t at, Search& search);

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
