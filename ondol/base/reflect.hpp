#pragma once

#include <array>
#include <cstddef>
#include <string>
#include <string_view>
#include <tuple>
#include <type_traits>
#include <utility>

#include <boost/pfr/core.hpp>

namespace ondol {

// A struct whose fields the compiler can list: an aggregate without bases. It is its own schema;
// nothing is registered.
template <class T>
concept PlainStruct = std::is_aggregate_v<T> && std::is_class_v<T> && !std::is_empty_v<T> &&
                      !requires(T value) { std::tuple_size<T>::value; };

template <PlainStruct T>
inline constexpr std::size_t field_count = boost::pfr::tuple_size_v<T>;

namespace detail {

template <class T>
struct Specimen {
  T value;
};
#if defined(__clang__)
#pragma clang diagnostic push
#pragma clang diagnostic ignored "-Wundefined-var-template"
#pragma clang diagnostic ignored "-Wundefined-internal"
#endif
// Never defined: only the names of its fields are read, out of the name of a function that has
// their address as template argument.
template <class T>
extern const Specimen<T> specimen;

template <class T>
struct FieldAddress {
  T* address;
};
template <class T>
FieldAddress(T*) -> FieldAddress<T>;

template <class T, FieldAddress Address>
consteval std::string_view field_name() {
  constexpr std::string_view text = __PRETTY_FUNCTION__;
  constexpr auto end = text.find_last_not_of("}]) ") + 1;
  constexpr auto dot = text.find_last_of(".:", end - 1);
  return text.substr(dot + 1, end - dot - 1);
}

template <class T, std::size_t... I>
consteval auto names_of(std::index_sequence<I...>) {
  return std::array<std::string_view, sizeof...(I)>{
      field_name<T, FieldAddress{&std::get<I>(boost::pfr::structure_tie(specimen<T>.value))}>()...};
}
#if defined(__clang__)
#pragma clang diagnostic pop
#endif

}  // namespace detail

// In the order of declaration.
template <PlainStruct T>
consteval auto field_names() {
  return detail::names_of<T>(std::make_index_sequence<field_count<T>>{});
}

// Calls f(name, field) for each field in the order of declaration; `value` may be const.
template <class T, class F>
void for_each_field(T& value, F&& f) {
  static constexpr auto kNames = field_names<std::remove_cv_t<T>>();
  boost::pfr::for_each_field(value, [&](auto& field, std::size_t i) { f(kNames[i], field); });
}

// login_id → loginId
std::string camel_case(std::string_view snake);

}  // namespace ondol
