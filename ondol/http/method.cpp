#include <ondol/http/method.hpp>

#include <array>
#include <cstddef>

namespace ondol::http {
namespace {

// In the order of the enumerators.
constexpr std::array<std::string_view, static_cast<std::size_t>(Method::other)> kNames{
    "GET",         "HEAD",       "POST",       "PUT",   "PATCH",    "DELETE", "OPTIONS",
    "TRACE",       "CONNECT",    "COPY",       "LOCK",  "MKCOL",    "MOVE",   "PROPFIND",
    "PROPPATCH",   "SEARCH",     "UNLOCK",     "BIND",  "REBIND",   "UNBIND", "ACL",
    "REPORT",      "MKACTIVITY", "CHECKOUT",   "MERGE", "M-SEARCH", "NOTIFY", "SUBSCRIBE",
    "UNSUBSCRIBE", "PURGE",      "MKCALENDAR", "LINK",  "UNLINK",   "SOURCE"};

static_assert(kNames.back() == "SOURCE", "a name for every method");

}  // namespace

Method find_method(std::string_view name) {
  for (std::size_t i = 0; i < kNames.size(); ++i) {
    if (kNames[i] == name) return static_cast<Method>(i);
  }
  return Method::other;
}

std::string_view to_text(Method method) {
  const auto index = static_cast<std::size_t>(method);
  return index < kNames.size() ? kNames[index] : "?";
}

}  // namespace ondol::http
