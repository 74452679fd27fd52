#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include <ondol/http/detail/parser.hpp>

namespace {

using ondol::http::Limits;
using ondol::http::Parser;

// What came of the octets: every request, and how it ended.
std::string parse(std::string_view octets, std::size_t step, const Limits& limits) {
  std::string seen;
  Parser parser{limits};
  for (std::size_t at = 0; at < octets.size(); at += step) {
    std::string_view piece = octets.substr(at, step);
    while (true) {
      const auto before = piece.size();
      const auto state = parser.feed(piece);
      if (state == Parser::State::refused) return seen + "refused";
      if (state == Parser::State::need_more) {
        if (!piece.empty()) __builtin_trap();
        break;
      }
      if (state == Parser::State::head_complete) continue;
      const auto& request = parser.request();
      if (request.body.size() > limits.max_body) __builtin_trap();
      // One more is the Host of an absolute target.
      if (request.headers.size() > limits.max_headers + 1) __builtin_trap();
      if (request.path.empty()) __builtin_trap();
      seen += request.method_name + ' ' + request.path + '?' + request.query + '\n';
      for (const auto& [name, value] : request.headers) seen += name + ": " + value + '\n';
      seen += request.body + '\n';
      parser.next();
      if (piece.size() == before && piece.empty()) break;
    }
  }
  return seen;
}

}  // namespace

// However the octets are cut, the same requests come out. (Of two faults in one head, the first one
// seen names the status; that may depend on the cut.)
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size < 2) return 0;
  static const Limits limits{
      .max_target = 256, .max_head = 1'024, .max_headers = 16, .max_body = 4'096};
  const std::string_view octets{reinterpret_cast<const char*>(data) + 1, size - 1};
  const auto whole = parse(octets, octets.size(), limits);
  const auto cut = parse(octets, 1 + data[0] % 16, limits);
  if (whole != cut) __builtin_trap();
  return 0;
}
