#include <ondol/http/method.hpp>

#include <array>
#include <cstddef>

namespace ondol::http {
namespace {

constexpr std::array<std::string_view, 9> kNames{"GET",    "HEAD",    "POST",  "PUT",    "PATCH",
                                                 "DELETE", "OPTIONS", "TRACE", "CONNECT"};

}  // namespace

Method find_method(std::string_view name) {
  for (std::size_t i = 0; i < kNames.size(); ++i) {
    if (kNames[i] == name) return static_cast<Method>(i);
  }
  return Method::other;
}

std::string_view to_text(Method method) {
  return method == Method::other ? "?" : kNames[static_cast<std::size_t>(method)];
}

}  // namespace ondol::http
