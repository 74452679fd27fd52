#pragma once

#include <string>
#include <string_view>

namespace ondol::json {

// A text that is JSON already.
struct Raw {
  std::string text;
};

// In quotes, escaped as RFC 8259 §7 demands and no more: other characters leave as raw UTF-8 (ER-9,
// CV-9).
void append_json_string(std::string& out, std::string_view text);

void append_json_number(std::string& out, double number);

}  // namespace ondol::json
