#pragma once

#include <cstdint>
#include <string_view>

namespace ondol::http {

// The methods of RFC 9110 and 5789 first, then those that WebDAV and its relatives registered. Any
// other token is `other`: it is no error (WB-100), and its name is in the request.
enum class Method : std::uint8_t {
  get,
  head,
  post,
  put,
  patch,
  del,
  options,
  trace,
  connect,
  copy,
  lock,
  mkcol,
  move,
  propfind,
  proppatch,
  search,
  unlock,
  bind,
  rebind,
  unbind,
  acl,
  report,
  mkactivity,
  checkout,
  merge,
  msearch,
  notify,
  subscribe,
  unsubscribe,
  purge,
  mkcalendar,
  link,
  unlink,
  source,
  other,
};

// Case-sensitive (RFC 9110 §9.1); `other` for a name that is not in the list.
Method find_method(std::string_view name);

// The name as it is sent; "?" for `other`.
std::string_view to_text(Method method);

}  // namespace ondol::http
