#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include <ondol/json/json_error.hpp>

namespace ondol::json {

struct Limits {
  std::size_t max_depth = 64;
};

// A place in a parsed document, and the way that led there. Good as long as the document.
class Cursor {
 public:
  bool is_null() const;

  // Throw JsonError when the value is of another kind or does not fit.
  bool boolean() const;
  std::int64_t integer(std::int64_t minimum, std::int64_t maximum) const;
  std::uint64_t unsigned_integer(std::uint64_t maximum) const;
  double number() const;
  std::string_view text() const;

  std::size_t array_size() const;
  Cursor element(std::size_t index) const;
  void check_object() const;
  std::optional<Cursor> member(std::string_view name) const;
  void each_member(const std::function<void(std::string_view, const Cursor&)>& found) const;

  std::string path() const;
  [[noreturn]] void fail(std::string expected) const;

 private:
  friend class Document;
  Cursor(const void* value, const Cursor* parent, std::string_view name, std::size_t index)
      : value_{value}, parent_{parent}, name_{name}, index_{index} {}

  const void* value_;
  const Cursor* parent_;
  std::string_view name_;
  std::size_t index_;
};

// A parsed text. Throws JsonError for what is no JSON, is nested deeper than the limit, or is not
// UTF-8.
class Document {
 public:
  explicit Document(std::string_view text, Limits limits = {});
  ~Document();
  Document(const Document&) = delete;
  Document& operator=(const Document&) = delete;

  Cursor root() const;

 private:
  struct Content;
  std::unique_ptr<Content> content_;
};

}  // namespace ondol::json
