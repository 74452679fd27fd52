#pragma once

#include <algorithm>
#include <cstddef>
#include <string_view>

namespace ondol {

// A text as template argument: Path<"roomNo">. A number stands for its digits, so that a default
// can be written as one: Query<"times", int, 1>.
template <std::size_t N>
struct Name {
  char text[N]{};
  std::size_t size = 0;

  consteval Name(const char (&literal)[N]) : size{N - 1} { std::copy_n(literal, N, text); }
  consteval Name(int number)
    requires(N == 12)
  {
    char reversed[12]{};
    std::size_t digits = 0;
    for (long long rest = number < 0 ? -static_cast<long long>(number) : number;
         rest > 0 || digits == 0; rest /= 10) {
      reversed[digits++] = static_cast<char>('0' + rest % 10);
    }
    if (number < 0) text[size++] = '-';
    while (digits > 0) text[size++] = reversed[--digits];
  }

  constexpr std::string_view view() const { return {text, size}; }
};

template <std::size_t N>
Name(const char (&)[N]) -> Name<N>;
Name(int) -> Name<12>;

}  // namespace ondol
