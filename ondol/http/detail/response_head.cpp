#include <ondol/http/detail/response_head.hpp>

#include <algorithm>
#include <chrono>
#include <optional>
#include <string_view>

#include <ondol/base/dates.hpp>
#include <ondol/base/text.hpp>
#include <ondol/http/detail/head_rules.hpp>
#include <ondol/http/status.hpp>

namespace ondol::http {
namespace {

// Formatted once a second and thread: most responses share it (RFC 9110 §6.6.1).
const std::string& date_of_now() {
  thread_local std::string text;
  thread_local std::chrono::sys_seconds second;
  const auto now = now_instant();
  const auto current = std::chrono::floor<std::chrono::seconds>(now);
  if (text.empty() || current != second) {
    second = current;
    text = to_http_date(now);
  }
  return text;
}

bool has_no_content(int status) {
  return status < 200 || status == 204 || status == 304;
}

bool is_name(std::string_view name) {
  return !name.empty() && std::ranges::all_of(name, is_token_character);
}

void append_field(std::string& out, std::string_view name, std::string_view value) {
  out += name;
  out += ": ";
  for (const char c : value) out += c == '\r' || c == '\n' || c == '\0' ? ' ' : c;
  out += "\r\n";
}

// The length a response to GET would have had, where this one is sent without it (WB-103).
std::optional<std::string> content_length(const Response& response,
                                          const ResponseHeadOptions& options) {
  if (response.status < 200 || response.status == 204) return std::nullopt;
  const auto given = response.headers.first("Content-Length");
  const bool known = given && parse_number<std::uint64_t>(*given);
  if (response.status == 304) return known ? std::optional{std::string{*given}} : std::nullopt;
  if (known && options.to_head_request && response.body.empty()) return std::string{*given};
  return std::to_string(response.body.size());
}

}  // namespace

bool sends_body(const Response& response, const ResponseHeadOptions& options) {
  return !options.to_head_request && options.after != AfterResponse::upgrade &&
         !has_no_content(response.status);
}

std::string response_head(const Response& response, const ResponseHeadOptions& options) {
  std::string out;
  out.reserve(256);
  out += "HTTP/1.1 ";
  out += std::to_string(response.status);
  out += ' ';
  out += reason_phrase(response.status);
  out += "\r\n";
  append_field(out, "Date", date_of_now());
  const bool upgrades = options.after == AfterResponse::upgrade;
  for (const auto& [name, value] : response.headers) {
    if (!is_name(name) || iequals(name, "Date") || iequals(name, "Content-Length")) continue;
    if (!upgrades && iequals(name, "Transfer-Encoding")) continue;
    const bool about_keeping =
        iequals(name, "Connection") && (iequals(value, "close") || iequals(value, "keep-alive"));
    if (about_keeping) continue;
    append_field(out, name, value);
  }
  if (!upgrades) {
    if (const auto length = content_length(response, options)) {
      append_field(out, "Content-Length", *length);
    }
    if (options.after == AfterResponse::close) {
      append_field(out, "Connection", "close");
    } else if (options.version_minor == 0) {
      append_field(out, "Connection", "keep-alive");
    }
  }
  out += "\r\n";
  return out;
}

}  // namespace ondol::http
