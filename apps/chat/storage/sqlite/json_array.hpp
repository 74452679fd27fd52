#pragma once

#include <cstdint>
#include <string>

namespace chat::sqlite {

// Numbers as the JSON text that SQLite's json_each takes apart: one parameter for a list of any
// length.
class JsonArray {
 public:
  void add(std::int64_t number) {
    text_ += empty() ? "[" : ",";
    text_ += std::to_string(number);
  }
  bool empty() const { return text_.empty(); }
  std::string text() const { return empty() ? "[]" : text_ + "]"; }

 private:
  std::string text_;
};

template <class Ids>
std::string json_array(const Ids& ids) {
  JsonArray array;
  for (const auto& id : ids) array.add(id.value);
  return array.text();
}

}  // namespace chat::sqlite
