#pragma once

#include <algorithm>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace ondol::stomp {

// The header multimap of a frame: all values in order, case-sensitive names, every look-up takes the first (ST-21).
class Headers {
 public:
  using Entry = std::pair<std::string, std::string>;

  std::optional<std::string_view> first(std::string_view name) const {
    for (const auto& [key, value] : entries_) {
      if (key == name) return value;
    }
    return std::nullopt;
  }
  bool has(std::string_view name) const { return first(name).has_value(); }

  void add(std::string_view name, std::string_view value) { entries_.emplace_back(name, value); }

  // One value in place of all; a new name goes last.
  void set(std::string_view name, std::string_view value) {
    for (auto entry = entries_.begin(); entry != entries_.end(); ++entry) {
      if (entry->first != name) continue;
      entry->second = value;
      entries_.erase(std::remove_if(entry + 1, entries_.end(), [&](const Entry& e) { return e.first == name; }),
                     entries_.end());
      return;
    }
    add(name, value);
  }
  void remove(std::string_view name) {
    std::erase_if(entries_, [&](const Entry& e) { return e.first == name; });
  }

  auto begin() const { return entries_.begin(); }
  auto end() const { return entries_.end(); }
  std::size_t size() const { return entries_.size(); }
  bool empty() const { return entries_.empty(); }

 private:
  std::vector<Entry> entries_;
};

}  // namespace ondol::stomp
