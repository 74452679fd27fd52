#pragma once

#include <functional>

#include <ondol/config/settings.hpp>

namespace ondol::boot {

// Reads files, environment and arguments. For `--help` and the verbs (CH-53) it prints, and ends
// the process:
//   config check   0 if every setting can be read and none is unknown, else 1
//   config print   every setting as it holds now, secrets masked
//   config docs    the reference as Markdown
// `read` reads every setting that the server has, without any other effect. Throws SettingsError.
config::Settings command_line(int argc, const char* const* argv,
                              const std::function<void(const config::Settings&)>& read);

}  // namespace ondol::boot
