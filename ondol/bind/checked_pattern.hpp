#pragma once

#include <cstddef>
#include <string_view>
#include <tuple>
#include <type_traits>

#include <ondol/bind/parameters.hpp>
#include <ondol/bind/signature.hpp>

namespace ondol::bind {

// Never defined: to call it while a pattern is checked is the error that the compiler shows.
void the_pattern_has_no_variable_of_that_name();

namespace detail {

constexpr bool has_variable(std::string_view pattern, std::string_view name) {
  for (auto at = pattern.find('{'); at != std::string_view::npos; at = pattern.find('{', at + 1)) {
    const auto rest = pattern.substr(at + 1);
    if (rest.starts_with(name) && rest.size() > name.size() && rest[name.size()] == '}')
      return true;
  }
  return false;
}

template <class P>
struct VariableOf {
  static constexpr bool in(std::string_view) { return true; }
};
template <Name N, class T>
struct VariableOf<Path<N, T>> {
  static constexpr bool in(std::string_view pattern) { return has_variable(pattern, N.view()); }
};

}  // namespace detail

// A pattern that is known only when the program runs, from settings say: checked when it is mapped.
struct at_run_time {
  std::string_view text;
};

// A pattern written beside its handler: every Path<"name"> among `Arguments` must be a {name} of
// it, or it does not compile.
template <class Arguments>
class CheckedPattern;

template <class... P>
class CheckedPattern<std::tuple<P...>> {
 public:
  template <std::size_t N>
  consteval CheckedPattern(const char (&text)[N]) : text_{text, N - 1} {
    if (!(detail::VariableOf<P>::in(text_) && ...)) the_pattern_has_no_variable_of_that_name();
  }
  CheckedPattern(at_run_time pattern) : text_{pattern.text} {}

  std::string_view text() const { return text_; }

 private:
  std::string_view text_;
};

// Of a handler that is deduced from another parameter.
template <class F>
using PatternFor = CheckedPattern<typename Signature<F>::Arguments>;

}  // namespace ondol::bind
