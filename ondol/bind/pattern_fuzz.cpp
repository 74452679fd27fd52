#include <cstddef>
#include <cstdint>
#include <stdexcept>
#include <string_view>

#include <ondol/bind/pattern.hpp>

// The octets up to the first NUL are a pattern, the rest a path. Both ways to ask agree, there are
// as many variables as names, and comparing is antisymmetric.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace ondol::bind;
  const std::string_view all{reinterpret_cast<const char*>(data), size};
  const auto end = all.find('\0');
  if (end == std::string_view::npos) return 0;
  const auto path = all.substr(end + 1);
  try {
    const auto pattern = Pattern::parse(all.substr(0, end), '/');
    Variables variables;
    const bool matched = pattern.match(path, &variables);
    if (matched != pattern.matches(path)) __builtin_trap();
    const bool whole = pattern.is_literal() || path == pattern.text();
    if (matched && !whole && variables.size() != pattern.variable_names().size()) __builtin_trap();
    if (pattern.compare(pattern, path) != 0) __builtin_trap();
  } catch (const std::invalid_argument&) {
  }
  return 0;
}
