#pragma once

#include <algorithm>
#include <cstddef>
#include <string_view>

namespace ondol {

// A text as template argument: Path<"roomNo">.
template <std::size_t N>
struct Name {
  char text[N]{};
  consteval Name(const char (&literal)[N]) { std::copy_n(literal, N, text); }
  constexpr std::string_view view() const { return {text, N - 1}; }
};

}  // namespace ondol
