#include <ondol/http/detail/head_rules.hpp>

#include <algorithm>
#include <string>
#include <string_view>

#include <ondol/base/text.hpp>

namespace ondol::http {
namespace {

bool is_letter_or_digit(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
}

// The characters of uri-host and port (RFC 3986 §3.2); a user name has no place in a Host.
bool is_host(std::string_view host) {
  constexpr std::string_view kOthers = "-._~!$&'()*+,;=:[]%";
  return std::ranges::all_of(host, [&](char c) {
    return is_letter_or_digit(c) || kOthers.find(c) != std::string_view::npos;
  });
}

// RFC 9112 §6.1, §6.3: what could be framed in two ways is not read at all.
int check_framing(const Request& request) {
  const auto lengths = request.headers.count("Content-Length");
  const auto codings = request.headers.all("Transfer-Encoding");
  if (lengths > 1 || (lengths > 0 && !codings.empty())) return 400;
  if (codings.empty()) return 0;
  if (request.version_minor == 0) return 400;
  std::size_t chunked = 0;
  for (const auto list : codings) {
    for (const auto coding : split(list, ',')) {
      if (!iequals(trim(coding), "chunked")) return 501;
      ++chunked;
    }
  }
  return chunked == 1 ? 0 : 400;
}

// RFC 9112 §3.2.
int check_target(Request& request) {
  std::string_view target = request.target;
  if (target.find('#') != std::string_view::npos) return 400;
  std::string rest;
  if (target == "*") {
    if (request.method != Method::options) return 400;
  } else if (!target.starts_with('/')) {
    // The absolute form; its authority stands for the Host, whatever that says (§3.2.2).
    const auto scheme = target.find("://");
    if (scheme == std::string_view::npos) return 400;
    if (!iequals(target.substr(0, scheme), "http") && !iequals(target.substr(0, scheme), "https")) {
      return 400;
    }
    target.remove_prefix(scheme + 3);
    const auto end = std::min(target.find_first_of("/?"), target.size());
    const auto authority = target.substr(0, end);
    if (authority.empty() || !is_host(authority)) return 400;
    request.headers.set("Host", std::string{authority});
    rest = target.substr(end);
    if (!rest.starts_with('/')) rest.insert(0, 1, '/');
    target = rest;
  }
  const auto question = target.find('?');
  request.path = target.substr(0, question);
  if (question != std::string_view::npos) request.query = target.substr(question + 1);
  return 0;
}

}  // namespace

bool is_token_character(char c) {
  constexpr std::string_view kOthers = "!#$%&'*+-.^_`|~";
  return is_letter_or_digit(c) || kOthers.find(c) != std::string_view::npos;
}

int check_head(Request& request) {
  // RFC 9112 §3.2: exactly one Host in HTTP/1.1, and never two.
  const auto hosts = request.headers.all("Host");
  if (hosts.size() > 1 || (hosts.empty() && request.version_minor == 1)) return 400;
  if (!hosts.empty() && !is_host(hosts.front())) return 400;
  if (const int status = check_framing(request); status != 0) return status;
  if (const int status = check_target(request); status != 0) return status;
  // RFC 9110 §10.1.1.
  const auto expect = request.headers.first("Expect");
  if (expect && !iequals(*expect, "100-continue")) return 417;
  return 0;
}

}  // namespace ondol::http
