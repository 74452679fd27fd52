#include <ondol/config/reference.hpp>

namespace ondol::config {

std::string reference(const Settings& settings) {
  std::string out = "| name | value | default | |\n|---|---|---|---|\n";
  for (const auto& [name, setting] : settings.known()) {
    out += "| `" + name + "` | " + setting.type + " | " +
           (setting.otherwise.empty() ? "" : '`' + setting.otherwise + '`') + " | " +
           setting.description + " |\n";
  }
  return out;
}

std::string effective(const Settings& settings) {
  std::string out;
  for (const auto& [name, setting] : settings.known()) {
    const auto value = settings.find(name);
    out += name + '=';
    out += !value ? setting.otherwise : setting.secret ? "******" : *value;
    out += '\n';
  }
  return out;
}

}  // namespace ondol::config
