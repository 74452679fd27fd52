#pragma once

#include <string>

#include <ondol/config/settings.hpp>

namespace ondol::config {

// Reads all sources as Spring Boot does: application.yaml, .yml and .properties of `directory`, its
// config/ and the folders in that (WB-416), those of the active profiles (WB-419), the environment,
// the arguments `--name=value` (WB-415). spring.config.name, .location, .additional-location and
// .import, and spring.profiles.active, .include and .group are heeded (WB-417 to WB-419). A file
// that is not there is no error, unless it is named without `optional:`. An argument that does not
// begin with `--` is a SettingsError.
Settings load(int argc, const char* const* argv, const std::string& directory = ".");

}  // namespace ondol::config
