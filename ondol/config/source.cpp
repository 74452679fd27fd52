#include <ondol/config/source.hpp>

#include <algorithm>

#include <ondol/base/text.hpp>

namespace ondol::config {

std::string canonical_name(std::string_view name) {
  std::string out = to_lower(name);
  std::erase_if(out, [](char c) { return c == '-' || c == '_'; });
  return out;
}

std::string environment_name(std::string_view name) {
  std::string out = canonical_name(name);
  std::erase(out, ']');
  std::ranges::replace(out, '.', '_');
  std::ranges::replace(out, '[', '_');
  return out;
}

}  // namespace ondol::config
