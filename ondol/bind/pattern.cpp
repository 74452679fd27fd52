#include <ondol/bind/pattern.hpp>

#include <algorithm>
#include <array>
#include <stdexcept>
#include <string>

namespace ondol::bind {
namespace {

// PM-1: empty tokens are dropped.
std::vector<std::string_view> tokens_of(std::string_view text, char separator) {
  std::vector<std::string_view> tokens;
  while (!text.empty()) {
    const auto end = std::min(text.find(separator), text.size());
    if (end > 0) tokens.push_back(text.substr(0, end));
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return tokens;
}

}  // namespace

Pattern Pattern::parse(std::string_view text, char separator) {
  Pattern pattern;
  pattern.text_ = text;
  pattern.separator_ = separator;
  pattern.length_ = text.size();
  std::size_t wildcards = 0;
  for (const auto part : tokens_of(text, separator)) {
    Token token = parse_token(part, wildcards);
    if (token.any_tokens) ++pattern.double_stars_;
    for (const Piece& piece : token.pieces) {
      if (piece.kind == Piece::Kind::any_text) ++pattern.single_stars_;
      if (piece.kind == Piece::Kind::variable) {
        pattern.names_.push_back(piece.text);
        pattern.length_ -= piece.text.size() + 1;
      }
    }
    pattern.tokens_.push_back(std::move(token));
  }
  if (wildcards > kMaxWildcards) {
    throw std::invalid_argument{"a pattern may have " + std::to_string(kMaxWildcards) +
                                " wildcards, not " + std::to_string(wildcards)};
  }
  pattern.literal_ = text.find_first_of("*?{") == std::string_view::npos;
  return pattern;
}

Pattern::Token Pattern::parse_token(std::string_view text, std::size_t& wildcards) {
  Token token;
  if (text == "**") {
    token.any_tokens = true;
    token.wildcard = wildcards++;
    return token;
  }
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '*') {
      token.pieces.push_back({Piece::Kind::any_text, {}, wildcards++});
    } else if (text[i] == '?') {
      token.pieces.push_back({Piece::Kind::one_character, {}, 0});
    } else if (text[i] == '{') {
      const auto end = text.find('}', i);
      const auto name = text.substr(i + 1, end == std::string_view::npos ? end : end - i - 1);
      if (end == std::string_view::npos || name.empty() ||
          name.find(':') != std::string_view::npos) {
        throw std::invalid_argument{"a pattern's variable must be {name}: " + std::string{text}};
      }
      token.pieces.push_back({Piece::Kind::variable, std::string{name}, wildcards++});
      i = end;
    } else {
      if (token.pieces.empty() || token.pieces.back().kind != Piece::Kind::literal) {
        token.pieces.push_back({Piece::Kind::literal, {}, 0});
      }
      token.pieces.back().text += text[i];
    }
  }
  return token;
}

// A wildcard that found no match from some place on finds none from a later place either: with that
// noted, no place is tried twice for one wildcard.
struct Pattern::Search {
  explicit Search(Variables* to) : variables{to} { from_nowhere(failed_tokens); }

  using Places = std::array<std::size_t, kMaxWildcards>;
  static void from_nowhere(Places& places) { places.fill(std::string_view::npos); }

  std::vector<std::string_view> path;
  Variables* variables;
  Places failed_tokens;  // by wildcard: `**` fails from this token of the path on
  Places failed_text;    // by wildcard: fails from this octet of the present token on
};

bool Pattern::match(std::string_view path, Variables* variables) const {
  if (literal_ && path == text_) return true;
  // PM-2: both begin with the separator, or none does.
  if (path.starts_with(separator_) != std::string_view{text_}.starts_with(separator_)) return false;
  Variables found;
  Search search{variables ? &found : nullptr};
  search.path = tokens_of(path, separator_);
  if (!match_tokens(0, 0, search)) {
    // PM-5: a last `*` also takes nothing behind a final separator.
    const bool ends_in_star =
        text_.size() >= 2 && text_.ends_with('*') && text_[text_.size() - 2] == separator_;
    if (!ends_in_star || !path.ends_with(separator_) || double_stars_ > 0) return false;
    search.path.emplace_back("");
    found.clear();
    if (!match_tokens(0, 0, search)) return false;
  } else if (!ends_in_any_tokens() && path.ends_with(separator_) != text_.ends_with(separator_)) {
    return false;  // PM-5
  }
  if (variables) *variables = std::move(found);
  return true;
}

bool Pattern::match_tokens(std::size_t token, std::size_t at, Search& search) const {
  for (; token < tokens_.size(); ++token, ++at) {
    const Token& current = tokens_[token];
    if (current.any_tokens) {
      if (token + 1 == tokens_.size()) return true;
      auto& failed = search.failed_tokens[current.wildcard];
      const auto end = std::min(failed, search.path.size() + 1);
      const auto mark = search.variables ? search.variables->size() : 0;
      for (auto rest = at; rest < end; ++rest) {
        if (match_tokens(token + 1, rest, search)) return true;
        if (search.variables) search.variables->resize(mark);
      }
      failed = std::min(failed, at);
      return false;
    }
    if (at >= search.path.size()) return false;
    Search::from_nowhere(search.failed_text);
    if (!match_pieces(current.pieces, 0, search.path[at], 0, search)) return false;
  }
  return at == search.path.size();
}

// Variables and stars are greedy from the left (PM-7).
bool Pattern::match_pieces(const std::vector<Piece>& pieces, std::size_t piece,
                           std::string_view text, std::size_t at, Search& search) {
  for (; piece < pieces.size(); ++piece) {
    const Piece& current = pieces[piece];
    if (current.kind == Piece::Kind::literal) {
      if (!text.substr(at).starts_with(current.text)) return false;
      at += current.text.size();
    } else if (current.kind == Piece::Kind::one_character) {
      if (at == text.size()) return false;
      ++at;
    } else {
      auto& failed = search.failed_text[current.wildcard];
      const auto mark = search.variables ? search.variables->size() : 0;
      for (auto rest = std::min(failed, text.size() + 1); rest-- > at;) {
        const bool captures = search.variables && current.kind == Piece::Kind::variable;
        if (captures) search.variables->emplace_back(current.text, std::string{});
        if (match_pieces(pieces, piece + 1, text, rest, search)) {
          if (captures) (*search.variables)[mark].second = text.substr(at, rest - at);
          return true;
        }
        if (search.variables) search.variables->resize(mark);
      }
      failed = std::min(failed, at);
      return false;
    }
  }
  return at == text.size();
}

int Pattern::compare(const Pattern& other, std::string_view path) const {
  const auto order = [](auto mine, auto theirs) {
    return mine < theirs ? -1 : mine > theirs ? 1 : 0;
  };
  const auto catch_all = [](const Pattern& p) {
    return p.tokens_.size() == 1 && p.tokens_[0].any_tokens;
  };
  const auto is_prefix = [](const Pattern& p) { return p.ends_in_any_tokens(); };
  if (const int by = order(text_ != path, other.text_ != path)) return by;
  if (const int by = order(catch_all(*this), catch_all(other))) return by;
  if (is_prefix(*this) && other.double_stars_ == 0) return 1;
  if (is_prefix(other) && double_stars_ == 0) return -1;
  const auto total = [](const Pattern& p) {
    return p.names_.size() + p.single_stars_ + 2 * p.double_stars_;
  };
  if (const int by = order(total(*this), total(other))) return by;
  if (const int by = order(other.length_, length_)) return by;
  if (const int by = order(single_stars_, other.single_stars_)) return by;
  return order(names_.size(), other.names_.size());
}

}  // namespace ondol::bind
