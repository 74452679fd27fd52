#pragma once

#include <exception>
#include <functional>
#include <optional>
#include <type_traits>
#include <utility>
#include <vector>

namespace ondol::bind {

// Handlers by exception type; the nearest one wins, whatever the order of registration (XH-2).
// Answer is what a handler gives. Filled before the start, then read from any thread.
template <class Answer>
class ErrorTable {
 public:
  template <class E, class F>
  void add(F handler) {
    Entry entry;
    entry.is = [](const std::exception& e) { return dynamic_cast<const E*>(&e) != nullptr; };
    entry.derives_from_it = [](const std::function<void()>& thrower) {
      try {
        thrower();
      } catch (const E*) {
        return true;
      } catch (...) {
      }
      return false;
    };
    entry.throw_null = [] { throw static_cast<const E*>(nullptr); };
    entry.handle = [handler = std::move(handler)](const std::exception& e) {
      return handler(dynamic_cast<const E&>(e));
    };
    // In front of the first one whose type is a base of E.
    auto at = entries_.begin();
    while (at != entries_.end() && !at->derives_from_it(entry.throw_null)) ++at;
    entries_.insert(at, std::move(entry));
  }

  std::optional<Answer> find(const std::exception& e) const {
    for (const auto& entry : entries_) {
      if (entry.is(e)) return entry.handle(e);
    }
    return std::nullopt;
  }

 private:
  struct Entry {
    std::function<bool(const std::exception&)> is;
    std::function<bool(const std::function<void()>&)> derives_from_it;
    std::function<void()> throw_null;
    std::function<Answer(const std::exception&)> handle;
  };
  std::vector<Entry> entries_;
};

// The exception type of an error handler: its only parameter.
template <class F>
struct HandledError : HandledError<decltype(&F::operator())> {};
template <class R, class C, class E>
struct HandledError<R (C::*)(const E&) const> {
  static_assert(std::is_base_of_v<std::exception, E>,
                "An error handler takes one std::exception or derived.");
  using type = E;
};

}  // namespace ondol::bind
