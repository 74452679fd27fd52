#include <ondol/bind/pattern.hpp>

#include <algorithm>
#include <stdexcept>

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
  for (const auto part : tokens_of(text, separator)) {
    Token token = parse_token(part);
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
  pattern.literal_ = text.find_first_of("*?{") == std::string_view::npos;
  return pattern;
}

Pattern::Token Pattern::parse_token(std::string_view text) {
  Token token;
  if (text == "**") {
    token.any_tokens = true;
    return token;
  }
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '*') {
      token.pieces.push_back({Piece::Kind::any_text, {}});
    } else if (text[i] == '?') {
      token.pieces.push_back({Piece::Kind::one_character, {}});
    } else if (text[i] == '{') {
      const auto end = text.find('}', i);
      const auto name = text.substr(i + 1, end == std::string_view::npos ? end : end - i - 1);
      if (end == std::string_view::npos || name.empty() ||
          name.find(':') != std::string_view::npos) {
        throw std::invalid_argument{"a pattern's variable must be {name}: " + std::string{text}};
      }
      token.pieces.push_back({Piece::Kind::variable, std::string{name}});
      i = end;
    } else {
      if (token.pieces.empty() || token.pieces.back().kind != Piece::Kind::literal) {
        token.pieces.push_back({Piece::Kind::literal, {}});
      }
      token.pieces.back().text += text[i];
    }
  }
  return token;
}

bool Pattern::match(std::string_view path, Variables* variables) const {
  if (literal_ && path == text_) return true;
  // PM-2: both begin with the separator, or none does.
  if (path.starts_with(separator_) != std::string_view{text_}.starts_with(separator_)) return false;
  const auto tokens = tokens_of(path, separator_);
  Variables found;
  if (!match_tokens(0, tokens, 0, variables ? &found : nullptr)) {
    // PM-5: a last `*` also takes nothing behind a final separator.
    const bool ends_in_star =
        text_.size() >= 2 && text_.ends_with('*') && text_[text_.size() - 2] == separator_;
    if (!ends_in_star || !path.ends_with(separator_) || double_stars_ > 0) return false;
    auto padded = tokens;
    padded.emplace_back("");
    found.clear();
    if (!match_tokens(0, padded, 0, variables ? &found : nullptr)) return false;
  } else if (!text_.ends_with("**") && path.ends_with(separator_) != text_.ends_with(separator_)) {
    return false;  // PM-5
  }
  if (variables) *variables = std::move(found);
  return true;
}

bool Pattern::match_tokens(std::size_t token, const std::vector<std::string_view>& path,
                           std::size_t at, Variables* variables) const {
  for (; token < tokens_.size(); ++token, ++at) {
    if (tokens_[token].any_tokens) {
      if (token + 1 == tokens_.size()) return true;
      for (std::size_t rest = at; rest <= path.size(); ++rest) {
        const auto mark = variables ? variables->size() : 0;
        if (match_tokens(token + 1, path, rest, variables)) return true;
        if (variables) variables->resize(mark);
      }
      return false;
    }
    if (at >= path.size() || !match_pieces(tokens_[token].pieces, 0, path[at], variables))
      return false;
  }
  return at == path.size();
}

// Variables and stars are greedy from the left (PM-7).
bool Pattern::match_pieces(const std::vector<Piece>& pieces, std::size_t piece,
                           std::string_view text, Variables* variables) {
  if (piece == pieces.size()) return text.empty();
  const Piece& current = pieces[piece];
  switch (current.kind) {
    case Piece::Kind::literal:
      return text.starts_with(current.text) &&
             match_pieces(pieces, piece + 1, text.substr(current.text.size()), variables);
    case Piece::Kind::one_character:
      return !text.empty() && match_pieces(pieces, piece + 1, text.substr(1), variables);
    case Piece::Kind::any_text:
    case Piece::Kind::variable:
      break;
  }
  for (std::size_t taken = text.size() + 1; taken-- > 0;) {
    const auto mark = variables ? variables->size() : 0;
    if (variables && current.kind == Piece::Kind::variable) {
      variables->emplace_back(current.text, std::string{text.substr(0, taken)});
    }
    if (match_pieces(pieces, piece + 1, text.substr(taken), variables)) return true;
    if (variables) variables->resize(mark);
  }
  return false;
}

int Pattern::compare(const Pattern& other, std::string_view path) const {
  const auto order = [](auto mine, auto theirs) {
    return mine < theirs ? -1 : mine > theirs ? 1 : 0;
  };
  const auto catch_all = [](const Pattern& p) {
    return p.tokens_.size() == 1 && p.tokens_[0].any_tokens;
  };
  const auto is_prefix = [](const Pattern& p) { return p.text_.ends_with("**"); };
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
