#pragma once

#include <concepts>
#include <string>
#include <string_view>

#include <ondol/base/reflect.hpp>
#include <ondol/base/text.hpp>
#include <ondol/bind/errors.hpp>

namespace ondol::bind {

// Text → T: texts, booleans, integers, and structs whose only field is `value`. Throws
// TypeMismatch, naming `name`.
template <class T>
T convert(std::string_view text, std::string_view name) {
  if constexpr (std::same_as<T, std::string>) {
    return std::string{text};
  } else if constexpr (std::same_as<T, bool>) {
    if (iequals(text, "true")) return true;
    if (iequals(text, "false")) return false;
    throw TypeMismatch{name, "true or false"};
  } else if constexpr (std::integral<T>) {
    const auto number = parse_number<T>(text);
    if (!number) throw TypeMismatch{name, "a whole number"};
    return *number;
  } else {
    static_assert(
        PlainStruct<T> && requires(T t) { t.value; },
        "There is no conversion from text to this type.");
    T result{};
    result.value = convert<decltype(result.value)>(text, name);
    return result;
  }
}

}  // namespace ondol::bind
