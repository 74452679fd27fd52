#pragma once

#include <any>
#include <optional>
#include <string>
#include <string_view>
#include <typeindex>
#include <unordered_map>
#include <utility>
#include <vector>

#include <ondol/bind/pattern.hpp>
#include <ondol/http/request.hpp>

namespace ondol::web {

// A request that is being answered: what filters hand to handlers. Lives on the loop of its
// connection.
class Exchange {
 public:
  explicit Exchange(http::Request& request) : request_{request} {}

  const http::Request& request() const { return request_; }

  // One value a type, set by a filter, read by a Binder of the application.
  template <class T>
  void set(T value) {
    attributes_.insert_or_assign(std::type_index{typeid(T)}, std::any{std::move(value)});
  }
  template <class T>
  const T* find() const {
    const auto found = attributes_.find(std::type_index{typeid(T)});
    return found == attributes_.end() ? nullptr : std::any_cast<T>(&found->second);
  }

  void set_variables(bind::Variables variables) { variables_ = std::move(variables); }
  std::optional<std::string> find_variable(std::string_view name) const;
  std::optional<std::string> find_header(std::string_view name) const;
  // Throws Error 4000 for a query with a broken %-escape.
  std::optional<std::string> find_query(std::string_view name);

 private:
  http::Request& request_;
  bind::Variables variables_;
  std::optional<std::vector<std::pair<std::string, std::string>>> query_;
  std::unordered_map<std::type_index, std::any> attributes_;
};

}  // namespace ondol::web
