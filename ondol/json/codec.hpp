#pragma once

#include <concepts>
#include <limits>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>
#include <vector>

#include <ondol/base/dates.hpp>
#include <ondol/base/reflect.hpp>
#include <ondol/json/document.hpp>
#include <ondol/json/json_error.hpp>
#include <ondol/json/writer.hpp>

// Plain structs ↔ JSON. A field `login_id` is the member `loginId`; an empty optional is absent; a
// struct whose only field is named `value` is that value. Reading ignores unknown members and
// leaves a missing one at its default (CV-12).
namespace ondol::json {
namespace detail {

template <class T>
struct IsOptional : std::false_type {};
template <class T>
struct IsOptional<std::optional<T>> : std::true_type {};
template <class T>
struct IsVector : std::false_type {};
template <class T>
struct IsVector<std::vector<T>> : std::true_type {};
template <class T>
struct IsTextMap : std::false_type {};
template <class T>
struct IsTextMap<std::map<std::string, T>> : std::true_type {};

template <class T>
concept OneValue = PlainStruct<T> && field_count<T> == 1 && requires(T t) { t.value; };

// The member names of T as they stand in JSON.
template <class T>
const std::array<std::string, field_count<T>>& member_names() {
  static const auto names = [] {
    std::array<std::string, field_count<T>> result;
    std::size_t i = 0;
    for (const auto name : field_names<T>()) result[i++] = camel_case(name);
    return result;
  }();
  return names;
}

}  // namespace detail

template <class T>
void append_json(std::string& out, const T& value) {
  if constexpr (std::same_as<T, Raw>) {
    out += value.text;
  } else if constexpr (std::same_as<T, bool>) {
    out += value ? "true" : "false";
  } else if constexpr (std::integral<T>) {
    out += std::to_string(value);
  } else if constexpr (std::floating_point<T>) {
    append_json_number(out, value);
  } else if constexpr (std::convertible_to<const T&, std::string_view>) {
    append_json_string(out, value);
  } else if constexpr (std::same_as<T, Instant>) {
    append_json_string(out, to_iso8601(value));
  } else if constexpr (detail::IsOptional<T>::value) {
    value ? append_json(out, *value) : void(out += "null");
  } else if constexpr (detail::IsVector<T>::value) {
    out += '[';
    for (std::size_t i = 0; i < value.size(); ++i) {
      if (i > 0) out += ',';
      append_json(out, value[i]);
    }
    out += ']';
  } else if constexpr (detail::IsTextMap<T>::value) {
    out += '{';
    bool first = true;
    for (const auto& [name, member] : value) {
      if (!first) out += ',';
      first = false;
      append_json_string(out, name);
      out += ':';
      append_json(out, member);
    }
    out += '}';
  } else if constexpr (detail::OneValue<T>) {
    append_json(out, value.value);
  } else {
    static_assert(PlainStruct<T>,
                  "to_json() takes plain structs, texts, numbers, optionals, vectors and maps.");
    const auto& names = detail::member_names<T>();
    out += '{';
    bool first = true;
    std::size_t i = 0;
    for_each_field(value, [&](std::string_view, const auto& field) {
      const auto& name = names[i++];
      if constexpr (detail::IsOptional<std::remove_cvref_t<decltype(field)>>::value) {
        if (!field) return;
      }
      if (!first) out += ',';
      first = false;
      append_json_string(out, name);
      out += ':';
      append_json(out, field);
    });
    out += '}';
  }
}

template <class T>
std::string to_json(const T& value) {
  std::string out;
  append_json(out, value);
  return out;
}

template <class T>
void read_json(const Cursor& from, T& to) {
  if constexpr (std::same_as<T, bool>) {
    to = from.boolean();
  } else if constexpr (std::signed_integral<T>) {
    to = static_cast<T>(from.integer(std::numeric_limits<T>::min(), std::numeric_limits<T>::max()));
  } else if constexpr (std::unsigned_integral<T>) {
    to = static_cast<T>(from.unsigned_integer(std::numeric_limits<T>::max()));
  } else if constexpr (std::floating_point<T>) {
    to = static_cast<T>(from.number());
  } else if constexpr (std::same_as<T, std::string>) {
    to = from.text();
  } else if constexpr (std::same_as<T, Instant>) {
    const auto instant = parse_iso8601(from.text());
    if (!instant) from.fail("a time such as 2026-11-21T09:30:00.123Z");
    to = *instant;
  } else if constexpr (detail::IsOptional<T>::value) {
    if (from.is_null()) {
      to.reset();
    } else {
      read_json(from, to.emplace());
    }
  } else if constexpr (detail::IsVector<T>::value) {
    to.clear();
    const auto size = from.array_size();
    to.reserve(size);
    for (std::size_t i = 0; i < size; ++i) {
      typename T::value_type element{};
      read_json(from.element(i), element);
      to.push_back(std::move(element));
    }
  } else if constexpr (detail::IsTextMap<T>::value) {
    from.check_object();
    to.clear();
    from.each_member([&](std::string_view name, const Cursor& member) {
      read_json(member, to[std::string{name}]);
    });
  } else if constexpr (detail::OneValue<T>) {
    read_json(from, to.value);
  } else {
    static_assert(PlainStruct<T>,
                  "from_json() makes plain structs, texts, numbers, optionals, vectors and maps.");
    from.check_object();
    const auto& names = detail::member_names<T>();
    std::size_t i = 0;
    for_each_field(to, [&](std::string_view, auto& field) {
      if (const auto member = from.member(names[i++])) read_json(*member, field);
    });
  }
}

template <class T>
T from_json(std::string_view text, Limits limits = {}) {
  const Document document{text, limits};
  T value{};
  read_json(document.root(), value);
  return value;
}

}  // namespace ondol::json
