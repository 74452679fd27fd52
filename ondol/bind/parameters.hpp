#pragma once

#include <optional>
#include <string>
#include <utility>

#include <ondol/bind/name.hpp>

// What a handler asks for, said by the types of its parameters. std::optional<P> of each is P or
// nothing.
namespace ondol {

namespace detail {

template <class T>
class BoundValue {
 public:
  explicit BoundValue(T value) : value_{std::move(value)} {}
  const T& operator*() const { return value_; }
  const T* operator->() const { return &value_; }

 private:
  T value_;
};

}  // namespace detail

// A variable of the path or destination, converted; wrong: 4002.
template <Name N, class T = std::string>
struct Path : detail::BoundValue<T> {
  using detail::BoundValue<T>::BoundValue;
};

// A parameter of the query; missing: 4001, wrong: 4002. The default is text, converted like any
// text.
inline constexpr char kNoDefault[] = "\x01no default";
template <Name N, class T = std::string, Name Default = kNoDefault>
struct Query : detail::BoundValue<T> {
  using detail::BoundValue<T>::BoundValue;
};

// A header, the first of its name; missing: 4001, wrong: 4002.
template <Name N, class T = std::string, Name Default = kNoDefault>
struct Header : detail::BoundValue<T> {
  using detail::BoundValue<T>::BoundValue;
};

// The body, read by its content type; missing or malformed: 4003.
template <class T>
struct Body : detail::BoundValue<T> {
  using detail::BoundValue<T>::BoundValue;
};

}  // namespace ondol
