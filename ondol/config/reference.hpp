#pragma once

#include <string>

#include <ondol/config/settings.hpp>

namespace ondol::config {

// What `config docs|print|check` say of settings that have been read.

// A table in Markdown: name, type, default, description.
std::string reference(const Settings& settings);

// One `name=value` a line, as they hold now; secrets are masked (WB-425).
std::string effective(const Settings& settings);

}  // namespace ondol::config
