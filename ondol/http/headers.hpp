#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace ondol::http {

// Header fields in the order in which they came or were added; a name may occur more than once.
// Names compare without case (RFC 9110 §5.1) and keep the case they were given. Views point into
// the fields: any change ends them.
class Headers {
 public:
  using Entry = std::pair<std::string, std::string>;

  std::optional<std::string_view> first(std::string_view name) const;
  std::vector<std::string_view> all(std::string_view name) const;
  std::size_t count(std::string_view name) const;
  bool has(std::string_view name) const { return first(name).has_value(); }

  // Whether a comma list of that name, over all its fields, has the token; compared without case
  // (RFC 9110 §5.6.1).
  bool has_token(std::string_view name, std::string_view token) const;

  void add(std::string name, std::string value) {
    entries_.emplace_back(std::move(name), std::move(value));
  }

  // Replaces all fields of that name by one, at the end.
  void set(std::string_view name, std::string value);
  void remove(std::string_view name);

  auto begin() const { return entries_.begin(); }
  auto end() const { return entries_.end(); }
  std::size_t size() const { return entries_.size(); }
  bool empty() const { return entries_.empty(); }

 private:
  std::vector<Entry> entries_;
};

}  // namespace ondol::http
