#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <tuple>
#include <utility>
#include <vector>

#include <ondol/bind/convert.hpp>
#include <ondol/bind/parameters.hpp>
#include <ondol/bind/signature.hpp>

namespace ondol::bind {

// How one parameter type is filled from one kind of source: an HTTP exchange or a message. Each
// world specialises it for the parameters that make sense there, and an application for types of
// its own; what has none does not compile. `static P bind(Source&)` throws when it cannot.
template <class Source, class P>
struct Binder;

// Both kinds of source offer find_variable(name).
template <class Source, Name N, class T>
struct Binder<Source, Path<N, T>> {
  static Path<N, T> bind(Source& source) {
    const auto text = source.find_variable(N.view());
    if (!text) throw MissingValue{N.view()};
    return Path<N, T>{convert<T>(*text, N.view())};
  }
};

// Both offer find_header(name).
template <class Source, Name N, class T, Name Default>
struct Binder<Source, Header<N, T, Default>> {
  static Header<N, T, Default> bind(Source& source) {
    if (const auto text = source.find_header(N.view());
        text && !(text->empty() && Default.view() != kNoDefault)) {
      return Header<N, T, Default>{convert<T>(*text, N.view())};
    }
    if constexpr (Default.view() == kNoDefault) {
      throw MissingValue{N.view()};
    } else {
      return Header<N, T, Default>{convert<T>(Default.view(), N.view())};
    }
  }
};

template <class Source, class P>
struct Binder<Source, std::optional<P>> {
  static std::optional<P> bind(Source& source) {
    try {
      return Binder<Source, P>::bind(source);
    } catch (const MissingValue&) {
      return std::nullopt;
    }
  }
};

// The names of the Path parameters of a handler, to be checked against its pattern when it is
// mapped.
template <class P>
struct PathName {
  static void add(std::vector<std::string>&) {}
};
template <Name N, class T>
struct PathName<Path<N, T>> {
  static void add(std::vector<std::string>& names) { names.emplace_back(N.view()); }
};
template <class F>
std::vector<std::string> path_names() {
  std::vector<std::string> names;
  [&]<class... P>(std::type_identity<std::tuple<P...>>) {
    (PathName<P>::add(names), ...);
  }(std::type_identity<typename Signature<F>::Arguments>{});
  return names;
}

template <class F, class Source>
using ResultOf = typename Awaited<typename Signature<F>::Result>::type;

// Binds every parameter, from left to right, calls `f`, and awaits what it returns when that is a
// task. `f` and the source must live until the task has ended.
template <class F, class Source>
auto call(const F& f, Source& source) -> Task<ResultOf<F, Source>> {
  using S = Signature<F>;
  // A tuple's braced initialiser is evaluated from left to right.
  auto bound = [&]<class... P>(std::type_identity<std::tuple<P...>>) {
    return std::tuple<P...>{Binder<Source, P>::bind(source)...};
  }(std::type_identity<typename S::Arguments>{});
  if constexpr (Awaited<typename S::Result>::is_task) {
    auto task = std::apply(f, std::move(bound));
    if constexpr (std::is_void_v<ResultOf<F, Source>>) {
      co_await std::move(task);
    } else {
      co_return co_await std::move(task);
    }
  } else if constexpr (std::is_void_v<typename S::Result>) {
    std::apply(f, std::move(bound));
    co_return;
  } else {
    co_return std::apply(f, std::move(bound));
  }
}

}  // namespace ondol::bind
