#pragma once

#include <string>
#include <vector>

#include <ondol/config/source.hpp>

namespace ondol::config {

// The documents of one file, separated by `---` in YAML and by `#---` or `!---` in properties
// (WB-418); none if there is no such file. UTF-8. Throws SettingsError with the name of a file that
// cannot be parsed. What a document says about profiles and imports is still among its values.
std::vector<Source> read_documents(const std::string& file);

}  // namespace ondol::config
