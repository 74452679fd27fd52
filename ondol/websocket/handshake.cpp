#include <ondol/websocket/handshake.hpp>

#include <array>

#include <openssl/evp.h>

#include <ondol/base/encoding.hpp>
#include <ondol/base/text.hpp>

namespace ondol::websocket {
namespace {

http::Response refuse(int status, std::string_view text = {}) {
  http::Response response;
  response.status = status;
  response.body = text;
  return response;
}

// A pattern with * wildcards, matched without backtracking beyond the last star.
bool matches_pattern(std::string_view pattern, std::string_view text) {
  std::size_t p = 0;
  std::size_t t = 0;
  std::size_t star = std::string_view::npos;
  std::size_t resume = 0;
  while (t < text.size()) {
    if (p < pattern.size() && pattern[p] == '*') {
      star = p++;
      resume = t;
    } else if (p < pattern.size() && pattern[p] == text[t]) {
      ++p;
      ++t;
    } else if (star != std::string_view::npos) {
      p = star + 1;
      t = ++resume;
    } else {
      return false;
    }
  }
  while (p < pattern.size() && pattern[p] == '*') ++p;
  return p == pattern.size();
}

std::string without_trailing_slash(std::string_view text) {
  if (text.ends_with('/')) text.remove_suffix(1);
  return to_lower(text);
}

// scheme://host with the default port left out.
std::string effective(std::string origin) {
  if (origin.starts_with("http://") && origin.ends_with(":80")) origin.resize(origin.size() - 3);
  if (origin.starts_with("https://") && origin.ends_with(":443")) origin.resize(origin.size() - 4);
  return origin;
}

bool is_valid_key(std::string_view key) {
  const auto octets = base64_decode(key);
  return octets && octets->size() == 16;
}

// The client's list, in its order; values may come as one comma list or as repeated headers (HS-7,
// HS-10).
std::optional<std::string> choose_sub_protocol(const http::Headers& headers,
                                               const std::vector<std::string>& spoken) {
  for (const auto& value : headers.all("Sec-WebSocket-Protocol")) {
    for (const auto piece : split(value, ',')) {
      const auto offered = trim(piece);
      for (const auto& name : spoken) {
        if (iequals(offered, name)) return std::string{offered};
      }
    }
  }
  return std::nullopt;
}

}  // namespace

bool Origins::admits(std::string_view origin, std::string_view host, bool secure) const {
  const auto given = without_trailing_slash(origin);
  if (effective(given) == effective((secure ? "https://" : "http://") + to_lower(host)))
    return true;
  for (const auto& entry : allowed) {
    if (entry == "*" || without_trailing_slash(entry) == given) return true;
  }
  for (const auto& pattern : patterns) {
    if (matches_pattern(without_trailing_slash(pattern), given)) return true;
  }
  return false;
}

std::string accept_key(std::string_view key) {
  std::string text{key};
  text += "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";
  std::array<unsigned char, EVP_MAX_MD_SIZE> digest{};
  unsigned int size = 0;
  EVP_Digest(text.data(), text.size(), digest.data(), &size, EVP_sha1(), nullptr);
  return base64_encode({reinterpret_cast<const char*>(digest.data()), size});
}

namespace {

// The refusal, if there is one.
std::optional<http::Response> judge(const http::Request& request, const HandshakeOptions& options) {
  const auto& headers = request.headers;
  if (const auto origin = headers.first("Origin")) {
    if (!options.origins.admits(*origin, headers.first("Host").value_or(""), false))
      return refuse(403);
  }
  if (request.method != http::Method::get) {
    auto response = refuse(405);
    response.headers.add("Allow", "GET");
    return response;
  }
  if (!iequals(headers.first("Upgrade").value_or(""), "websocket")) {
    return refuse(400, "Can \"Upgrade\" only to \"WebSocket\".");
  }
  if (!headers.has_token("Connection", "upgrade"))
    return refuse(400, "\"Connection\" must be \"upgrade\".");
  const auto key = trim(headers.first("Sec-WebSocket-Key").value_or(""));
  if (!is_valid_key(key)) return refuse(400);
  if (trim(headers.first("Sec-WebSocket-Version").value_or("")) != "13") {
    auto response = refuse(426);
    response.headers.add("Sec-WebSocket-Version", "13");
    return response;
  }

  return std::nullopt;
}

}  // namespace

Handshake handshake(const http::Request& request, const HandshakeOptions& options) {
  if (auto refusal = judge(request, options)) return {*std::move(refusal), {}};
  Handshake agreed;
  if (options.deflate)
    agreed.deflate = accept_deflate(request.headers.all("Sec-WebSocket-Extensions"));
  agreed.response.status = 101;
  auto& headers = agreed.response.headers;
  headers.add("Upgrade", "websocket");
  headers.add("Connection", "Upgrade");
  headers.add("Sec-WebSocket-Accept",
              accept_key(trim(request.headers.first("Sec-WebSocket-Key").value_or(""))));
  if (const auto chosen = choose_sub_protocol(request.headers, options.sub_protocols)) {
    headers.add("Sec-WebSocket-Protocol", *chosen);
  }
  if (agreed.deflate) headers.add("Sec-WebSocket-Extensions", agreed.deflate->response);
  return agreed;
}

}  // namespace ondol::websocket
