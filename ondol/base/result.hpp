#pragma once

#include <utility>
#include <variant>

namespace ondol {

template <class E>
struct Failure {
  E error;
};

template <class E>
Failure<E> fail(E error) {
  return {std::move(error)};
}

// A value or the reason why there is none, for failures that are part of the job: parsers,
// verifiers. Reading the side that is not there is a bug of the caller and terminates.
template <class T, class E>
class [[nodiscard]] Result {
 public:
  Result(T value) : state_{std::in_place_index<0>, std::move(value)} {}
  Result(Failure<E> failure) : state_{std::in_place_index<1>, std::move(failure.error)} {}

  explicit operator bool() const noexcept { return state_.index() == 0; }

  T& operator*() noexcept { return *std::get_if<0>(&state_); }
  const T& operator*() const noexcept { return *std::get_if<0>(&state_); }
  T* operator->() noexcept { return std::get_if<0>(&state_); }
  const T* operator->() const noexcept { return std::get_if<0>(&state_); }
  const E& error() const noexcept { return *std::get_if<1>(&state_); }

 private:
  std::variant<T, E> state_;
};

}  // namespace ondol
