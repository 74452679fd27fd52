#pragma once

#include <algorithm>
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace ondol::stomp {

// The header multimap of a frame: all values in order, case-sensitive names (ST-19), every look-up
// takes the first (ST-21). A value; views that it hands out live until it is changed.
class Headers {
 public:
  using Entry = std::pair<std::string, std::string>;
  using value_type = Entry;
  using const_iterator = std::vector<Entry>::const_iterator;

  std::optional<std::string_view> first(std::string_view name) const {
    for (const auto& [key, value] : entries_) {
      if (key == name) return value;
    }
    return std::nullopt;
  }
  bool has(std::string_view name) const { return first(name).has_value(); }

  std::vector<std::string_view> all(std::string_view name) const {
    std::vector<std::string_view> values;
    for (const auto& [key, value] : entries_) {
      if (key == name) values.emplace_back(value);
    }
    return values;
  }

  void add(std::string_view name, std::string_view value) { entries_.emplace_back(name, value); }
  void add(Entry entry) { entries_.push_back(std::move(entry)); }

  // One value in place of all; a new name goes last.
  void set(std::string_view name, std::string_view value) {
    // Name and value may be views of entries that are erased or moved here.
    const std::string key{name};
    const auto named = [&](const Entry& entry) { return entry.first == key; };
    const auto found = std::find_if(entries_.begin(), entries_.end(), named);
    if (found == entries_.end()) return add(name, value);
    std::string text{value};
    entries_.erase(std::remove_if(found + 1, entries_.end(), named), entries_.end());
    found->second = std::move(text);
  }

  void remove(std::string_view name) {
    // The name may be a view of an entry that is erased or moved.
    std::erase_if(entries_, [key = std::string{name}](const Entry& e) { return e.first == key; });
  }

  // `drop` answers for the name of each entry.
  template <class Drop>
  void remove_if(Drop&& drop) {
    std::erase_if(entries_,
                  [&](const Entry& entry) { return drop(std::string_view{entry.first}); });
  }

  void reserve(std::size_t count) { entries_.reserve(count); }

  const_iterator begin() const { return entries_.begin(); }
  const_iterator end() const { return entries_.end(); }
  std::size_t size() const { return entries_.size(); }
  bool empty() const { return entries_.empty(); }

  friend bool operator==(const Headers&, const Headers&) = default;

 private:
  std::vector<Entry> entries_;
};

}  // namespace ondol::stomp
