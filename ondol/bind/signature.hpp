#pragma once

#include <tuple>
#include <type_traits>

#include <ondol/runtime/task.hpp>

namespace ondol::bind {

namespace detail {
template <class>
inline constexpr bool kNever = false;
}

// Parameters and result of a handler: a const member function, a lambda or a plain function.
template <class F>
struct Signature : Signature<decltype(&F::operator())> {};

template <class R, class... A>
struct Signature<R (*)(A...)> {
  using Result = R;
  using Arguments = std::tuple<std::remove_cvref_t<A>...>;
};
template <class R, class C, class... A>
struct Signature<R (C::*)(A...) const> : Signature<R (*)(A...)> {};
template <class R, class C, class... A>
struct Signature<R (C::*)(A...)> {
  static_assert(detail::kNever<C>, "A handler must be const: it runs on every loop at once.");
};

template <class T>
struct Awaited {
  using type = T;
  static constexpr bool is_task = false;
};
template <class T>
struct Awaited<Task<T>> {
  using type = T;
  static constexpr bool is_task = true;
};

}  // namespace ondol::bind
