#include <ondol/http/headers.hpp>

#include <ondol/base/text.hpp>

namespace ondol::http {

std::optional<std::string_view> Headers::first(std::string_view name) const {
  for (const auto& [key, value] : entries_) {
    if (iequals(key, name)) return value;
  }
  return std::nullopt;
}

std::vector<std::string_view> Headers::all(std::string_view name) const {
  std::vector<std::string_view> values;
  for (const auto& [key, value] : entries_) {
    if (iequals(key, name)) values.push_back(value);
  }
  return values;
}

std::size_t Headers::count(std::string_view name) const {
  std::size_t count = 0;
  for (const auto& [key, value] : entries_) count += iequals(key, name) ? 1 : 0;
  return count;
}

bool Headers::has_token(std::string_view name, std::string_view token) const {
  for (const auto& [key, value] : entries_) {
    if (!iequals(key, name)) continue;
    for (const auto piece : split(value, ',')) {
      if (iequals(trim(piece), token)) return true;
    }
  }
  return false;
}

void Headers::set(std::string_view name, std::string value) {
  remove(name);
  add(std::string{name}, std::move(value));
}

void Headers::remove(std::string_view name) {
  std::erase_if(entries_, [&](const Entry& entry) { return iequals(entry.first, name); });
}

}  // namespace ondol::http
