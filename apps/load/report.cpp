#include <apps/load/report.hpp>

#include <fmt/format.h>

namespace load {
namespace {

std::string quoted(const std::string& text) {
  std::string out = "\"";
  for (const char c : text) {
    if (c == '"' || c == '\\') {
      out += '\\';
      out += c;
    } else if (static_cast<unsigned char>(c) < 0x20) {
      out += fmt::format("\\u{:04x}", static_cast<unsigned>(static_cast<unsigned char>(c)));
    } else {
      out += c;
    }
  }
  return out + '"';
}

}  // namespace

void Report::add_latency(const std::string& name, const Histogram& histogram) {
  const auto at = [&](double share) {
    return static_cast<double>(histogram.quantile(share)) / 1000.0;
  };
  add(name + "_p50_us", at(0.5));
  add(name + "_p90_us", at(0.9));
  add(name + "_p99_us", at(0.99));
  add(name + "_p99_9_us", at(0.999));
  add(name + "_max_us", at(1.0));
}

void Report::add_fault(const std::string& name, std::uint64_t count) {
  add(name, count);
  faulty_ = faulty_ || count > 0;
}

std::string Report::text() const {
  std::string out;
  for (const auto& [name, value] : values_) {
    out += fmt::format("{:<32} ", name);
    if (const auto* text = std::get_if<std::string>(&value)) out += *text;
    if (const auto* number = std::get_if<double>(&value)) out += fmt::format("{:.3f}", *number);
    if (const auto* count = std::get_if<std::uint64_t>(&value)) out += fmt::format("{}", *count);
    out += '\n';
  }
  return out;
}

std::string Report::json() const {
  std::string out = "{";
  for (const auto& [name, value] : values_) {
    if (out.size() > 1) out += ',';
    out += quoted(name) + ':';
    if (const auto* text = std::get_if<std::string>(&value)) out += quoted(*text);
    if (const auto* number = std::get_if<double>(&value)) out += fmt::format("{:.6g}", *number);
    if (const auto* count = std::get_if<std::uint64_t>(&value)) out += fmt::format("{}", *count);
  }
  return out + "}\n";
}

}  // namespace load
