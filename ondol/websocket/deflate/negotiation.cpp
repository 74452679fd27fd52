#include <ondol/websocket/deflate/negotiation.hpp>

#include <ondol/base/text.hpp>

namespace ondol::websocket {
namespace {

constexpr int kSmallestWindow = 8;
constexpr int kLargestWindow = 15;

// A comma or semicolon inside quotes separates nothing (RFC 9110 §5.6.4).
std::vector<std::string_view> split_unquoted(std::string_view text, char separator) {
  std::vector<std::string_view> pieces;
  bool quoted = false;
  std::size_t begin = 0;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '\\' && quoted) {
      ++i;
    } else if (text[i] == '"') {
      quoted = !quoted;
    } else if (text[i] == separator && !quoted) {
      pieces.push_back(trim(text.substr(begin, i - begin)));
      begin = i + 1;
    }
  }
  pieces.push_back(trim(text.substr(begin)));
  return pieces;
}

// §7.1.2.1: a number from 8 to 15 without leading zeros, perhaps quoted.
std::optional<int> window_bits(std::string_view value) {
  if (value.size() >= 2 && value.front() == '"' && value.back() == '"') {
    value = value.substr(1, value.size() - 2);
  }
  const auto bits = parse_number<int>(value);
  if (!bits || value.front() == '0' || *bits < kSmallestWindow || *bits > kLargestWindow) {
    return std::nullopt;
  }
  return bits;
}

struct Offer {
  bool server_no_context_takeover = false;
  bool client_no_context_takeover = false;
  std::optional<int> server_max_window_bits;
  bool client_max_window_bits_known = false;
  std::optional<int> client_max_window_bits;
};

bool set_once(bool& flag) {
  if (flag) return false;
  flag = true;
  return true;
}

// False: the offer has to be declined.
bool read_parameter(Offer& offer, std::string_view parameter) {
  const auto equals = parameter.find('=');
  const auto name = trim(parameter.substr(0, equals));
  const bool has_value = equals != std::string_view::npos;
  const auto value = has_value ? trim(parameter.substr(equals + 1)) : std::string_view{};
  if (iequals(name, "server_no_context_takeover")) {
    return !has_value && set_once(offer.server_no_context_takeover);
  }
  if (iequals(name, "client_no_context_takeover")) {
    return !has_value && set_once(offer.client_no_context_takeover);
  }
  if (iequals(name, "server_max_window_bits")) {
    if (offer.server_max_window_bits) return false;
    offer.server_max_window_bits = window_bits(value);
    return offer.server_max_window_bits.has_value();
  }
  if (iequals(name, "client_max_window_bits")) {
    if (!set_once(offer.client_max_window_bits_known)) return false;
    if (!has_value) return true;
    offer.client_max_window_bits = window_bits(value);
    return offer.client_max_window_bits.has_value();
  }
  return false;
}

std::optional<DeflateAgreement> accept(std::string_view text) {
  const auto pieces = split_unquoted(text, ';');
  if (!iequals(pieces[0], "permessage-deflate")) return std::nullopt;
  Offer offer;
  for (std::size_t i = 1; i < pieces.size(); ++i) {
    if (!read_parameter(offer, pieces[i])) return std::nullopt;
  }
  if (offer.server_max_window_bits == kSmallestWindow) return std::nullopt;

  DeflateAgreement agreement;
  agreement.response = "permessage-deflate; server_no_context_takeover; client_no_context_takeover";
  if (offer.server_max_window_bits) {
    agreement.server_window_bits = *offer.server_max_window_bits;
    agreement.response +=
        "; server_max_window_bits=" + std::to_string(*offer.server_max_window_bits);
  }
  if (offer.client_max_window_bits) {
    agreement.client_window_bits = *offer.client_max_window_bits;
    agreement.response +=
        "; client_max_window_bits=" + std::to_string(*offer.client_max_window_bits);
  }
  return agreement;
}

}  // namespace

std::optional<DeflateAgreement> accept_deflate(const std::vector<std::string_view>& headers) {
  for (const auto& header : headers) {
    for (const auto offer : split_unquoted(header, ',')) {
      if (auto agreement = accept(offer)) return agreement;
    }
  }
  return std::nullopt;
}

}  // namespace ondol::websocket
