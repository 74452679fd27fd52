#include <ondol/json/document.hpp>

#include <utility>

#include <boost/json/parser.hpp>
#include <boost/json/value.hpp>

#include <ondol/base/utf8.hpp>

namespace ondol::json {
namespace {

namespace bj = boost::json;

const bj::value& value_at(const void* value) {
  return *static_cast<const bj::value*>(value);
}

std::string kind_of(const bj::value& value) {
  switch (value.kind()) {
    case bj::kind::null:
      return "null";
    case bj::kind::bool_:
      return "boolean";
    case bj::kind::int64:
    case bj::kind::uint64:
      return "integer";
    case bj::kind::double_:
      return "number";
    case bj::kind::string:
      return "string";
    case bj::kind::array:
      return "array";
    case bj::kind::object:
      break;
  }
  return "object";
}

}  // namespace

struct Document::Content {
  bj::value value;
};

Document::Document(std::string_view text, Limits limits) : content_{std::make_unique<Content>()} {
  if (text.empty()) throw JsonError{"", "JSON", "nothing"};
  if (!is_valid_utf8(text)) throw JsonError{"", "UTF-8", "other octets"};
  bj::parse_options options;
  options.max_depth = limits.max_depth;
  bj::parser parser{{}, options};
  boost::system::error_code error;
  const auto used = parser.write_some(text.data(), text.size(), error);
  if (error == bj::error::too_deep) {
    throw JsonError{"", "at most " + std::to_string(limits.max_depth) + " levels", "more"};
  }
  if (error == bj::error::incomplete) throw JsonError{"", "JSON", "the beginning of one"};
  if (error) throw JsonError{"", "JSON", "a syntax error at octet " + std::to_string(used)};
  if (const auto rest = text.find_first_not_of(" \t\r\n", used); rest != std::string_view::npos) {
    throw JsonError{"", "one JSON value", "more behind it at octet " + std::to_string(rest)};
  }
  content_->value = parser.release();
}

Document::~Document() = default;

Cursor Document::root() const {
  return Cursor{&content_->value, nullptr, {}, 0};
}

std::string Cursor::path() const {
  if (!parent_) return {};
  return parent_->path() + '/' + (name_.data() ? std::string{name_} : std::to_string(index_));
}

void Cursor::fail(std::string expected) const {
  throw JsonError{path(), std::move(expected), kind_of(value_at(value_))};
}

bool Cursor::is_null() const {
  return value_at(value_).is_null();
}

bool Cursor::boolean() const {
  if (const auto* value = value_at(value_).if_bool()) return *value;
  fail("boolean");
}

std::int64_t Cursor::integer(std::int64_t minimum, std::int64_t maximum) const {
  const auto& value = value_at(value_);
  if (const auto* number = value.if_int64(); number && *number >= minimum && *number <= maximum)
    return *number;
  if (value.is_int64() || value.is_uint64()) {
    throw JsonError{path(),
                    "integer from " + std::to_string(minimum) + " to " + std::to_string(maximum),
                    "one outside"};
  }
  fail("integer");
}

std::uint64_t Cursor::unsigned_integer(std::uint64_t maximum) const {
  const auto& value = value_at(value_);
  std::optional<std::uint64_t> number;
  if (const auto* wide = value.if_uint64()) number = *wide;
  if (const auto* plain = value.if_int64(); plain && *plain >= 0)
    number = static_cast<std::uint64_t>(*plain);
  if (number && *number <= maximum) return *number;
  if (value.is_int64() || value.is_uint64()) {
    throw JsonError{path(), "integer from 0 to " + std::to_string(maximum), "one outside"};
  }
  fail("integer");
}

double Cursor::number() const {
  const auto& value = value_at(value_);
  if (const auto* real = value.if_double()) return *real;
  if (const auto* plain = value.if_int64()) return static_cast<double>(*plain);
  if (const auto* wide = value.if_uint64()) return static_cast<double>(*wide);
  fail("number");
}

std::string_view Cursor::text() const {
  if (const auto* value = value_at(value_).if_string()) return {value->data(), value->size()};
  fail("string");
}

std::size_t Cursor::array_size() const {
  if (const auto* array = value_at(value_).if_array()) return array->size();
  fail("array");
}

Cursor Cursor::element(std::size_t index) const {
  return Cursor{&value_at(value_).get_array()[index], this, {}, index};
}

void Cursor::check_object() const {
  if (!value_at(value_).is_object()) fail("object");
}

std::optional<Cursor> Cursor::member(std::string_view name) const {
  const auto& object = value_at(value_).get_object();
  const auto found = object.find({name.data(), name.size()});
  if (found == object.end()) return std::nullopt;
  const auto key = found->key();
  return Cursor{&found->value(), this, {key.data(), key.size()}, 0};
}

void Cursor::each_member(const std::function<void(std::string_view, const Cursor&)>& found) const {
  for (const auto& entry : value_at(value_).get_object()) {
    const std::string_view name{entry.key().data(), entry.key().size()};
    found(name, Cursor{&entry.value(), this, name, 0});
  }
}

}  // namespace ondol::json
