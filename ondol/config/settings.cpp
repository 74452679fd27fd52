#include <ondol/config/settings.hpp>

#include <algorithm>
#include <fstream>
#include <utility>

#include <yaml-cpp/yaml.h>

#include <ondol/base/text.hpp>

extern char** environ;

namespace ondol::config {
namespace {

// Without dashes, in lower case: jwt.secret-key, jwt.secretKey and jwt.secret_key are one (WB-420).
std::string canonical(std::string_view name) {
  std::string out;
  for (const char c : to_lower(name)) {
    if (c != '-' && c != '_') out += c;
  }
  return out;
}

// JWT_SECRETKEY for jwt.secretkey.
std::string environment_name(std::string_view canonical_name) {
  std::string out{canonical_name};
  std::ranges::replace(out, '.', '_');
  return out;
}

void load_properties(Settings& settings, const std::string& file) {
  std::ifstream in{file};
  std::string line;
  while (std::getline(in, line)) {
    const auto text = trim(line);
    if (text.empty() || text.front() == '#' || text.front() == '!') continue;
    const auto end = text.find_first_of("=:");
    if (end == std::string_view::npos)
      throw SettingsError{file + ": a line without '=': " + std::string{text}};
    auto value = trim(text.substr(end + 1));
    if (value.ends_with('\r')) value.remove_suffix(1);
    settings.set(trim(text.substr(0, end)), std::string{value}, file);
  }
}

void load_yaml(Settings& settings, const YAML::Node& node, const std::string& name,
               const std::string& file) {
  if (node.IsMap()) {
    for (const auto& member : node) {
      const auto key = member.first.as<std::string>();
      load_yaml(settings, member.second, name.empty() ? key : name + '.' + key, file);
    }
  } else if (node.IsSequence()) {
    std::string joined;
    for (const auto& element : node)
      joined += (joined.empty() ? "" : ",") + element.as<std::string>();
    settings.set(name, joined, file);
  } else if (node.IsScalar()) {
    settings.set(name, node.as<std::string>(), file);
  }
}

std::size_t distance(std::string_view a, std::string_view b) {
  std::vector<std::size_t> row(b.size() + 1);
  for (std::size_t j = 0; j <= b.size(); ++j) row[j] = j;
  for (std::size_t i = 1; i <= a.size(); ++i) {
    std::size_t diagonal = std::exchange(row[0], i);
    for (std::size_t j = 1; j <= b.size(); ++j) {
      const auto substitution = diagonal + (a[i - 1] == b[j - 1] ? 0 : 1);
      diagonal = row[j];
      row[j] = std::min({row[j] + 1, row[j - 1] + 1, substitution});
    }
  }
  return row[b.size()];
}

std::string_view group_of(std::string_view name) {
  return name.substr(0, name.find('.'));
}

}  // namespace

Settings Settings::load(int argc, const char* const* argv, const std::string& directory) {
  Settings settings;
  const auto yaml = [&](const std::string& file) {
    if (!std::ifstream{file}) return;
    try {
      load_yaml(settings, YAML::LoadFile(file), "", file);
    } catch (const YAML::Exception& e) {
      throw SettingsError{file + ": " + e.what()};
    }
  };
  yaml(directory + "/application.yaml");
  yaml(directory + "/application.yml");
  load_properties(settings, directory + "/application.properties");
  for (char** variable = environ; variable && *variable; ++variable) {
    const std::string_view text = *variable;
    const auto equals = text.find('=');
    if (equals == std::string_view::npos) continue;
    settings.environment_[to_lower(text.substr(0, equals))] = {
        std::string{text.substr(equals + 1)},
        "environment variable " + std::string{text.substr(0, equals)}};
  }
  for (int i = 1; i < argc; ++i) {
    const std::string_view argument = argv[i];
    if (!argument.starts_with("--")) continue;
    const auto equals = argument.find('=');
    const auto name = argument.substr(2, equals == std::string_view::npos ? equals : equals - 2);
    settings.set(
        name, equals == std::string_view::npos ? "true" : std::string{argument.substr(equals + 1)},
        "the command line");
  }
  return settings;
}

void Settings::set(std::string_view name, std::string value, std::string source) {
  values_.insert_or_assign(canonical(name), Entry{std::move(value), std::move(source)});
}

const Settings::Entry* Settings::entry(std::string_view name) const {
  const auto key = canonical(name);
  asked_.emplace(key, name);
  const auto found = values_.find(key);
  // Arguments win over the environment, the environment over files.
  if (found != values_.end() && found->second.source == "the command line") return &found->second;
  std::string with_dashes = to_lower(name);
  std::ranges::replace(with_dashes, '-', '_');
  for (const auto& variable : {environment_name(key), environment_name(with_dashes)}) {
    if (const auto set = environment_.find(variable); set != environment_.end())
      return &set->second;
  }
  return found == values_.end() ? nullptr : &found->second;
}

void Settings::malformed(std::string_view name, const Entry& entry,
                         std::string_view expected) const {
  throw SettingsError{std::string{name} + " = '" + entry.value + "' (" + entry.source +
                      "): expected " + std::string{expected}};
}

std::optional<std::string> Settings::find(std::string_view name) const {
  const auto* const found = entry(name);
  if (!found) return std::nullopt;
  return found->value;
}

std::string Settings::text(std::string_view name, std::string_view otherwise) const {
  return find(name).value_or(std::string{otherwise});
}

bool Settings::flag(std::string_view name, bool otherwise) const {
  const auto* const found = entry(name);
  if (!found) return otherwise;
  if (iequals(found->value, "true")) return true;
  if (iequals(found->value, "false")) return false;
  malformed(name, *found, "true or false");
}

std::int64_t Settings::number(std::string_view name, std::int64_t otherwise, std::int64_t minimum,
                              std::int64_t maximum) const {
  const auto* const found = entry(name);
  if (!found) return otherwise;
  const auto value = parse_number<std::int64_t>(trim(found->value));
  if (!value || *value < minimum || *value > maximum) {
    malformed(name, *found,
              "a whole number from " + std::to_string(minimum) + " to " + std::to_string(maximum));
  }
  return *value;
}

std::chrono::milliseconds Settings::duration(std::string_view name,
                                             std::chrono::milliseconds otherwise) const {
  const auto* const found = entry(name);
  if (!found) return otherwise;
  const auto text = trim(found->value);
  const auto unit_at = std::min(text.find_first_not_of("0123456789"), text.size());
  const auto value = parse_number<std::int64_t>(text.substr(0, unit_at));
  static const std::map<std::string_view, std::int64_t> kUnits{
      {"", 1}, {"ms", 1}, {"s", 1000}, {"m", 60'000}, {"h", 3'600'000}, {"d", 86'400'000}};
  const auto unit = kUnits.find(text.substr(unit_at));
  if (!value || unit == kUnits.end() || *value > 100'000'000'000 / unit->second) {
    malformed(name, *found, "a duration such as 500ms, 10s, 20m, 12h or 14d");
  }
  return std::chrono::milliseconds{*value * unit->second};
}

std::size_t Settings::size(std::string_view name, std::size_t otherwise) const {
  const auto* const found = entry(name);
  if (!found) return otherwise;
  const auto text = trim(found->value);
  const auto unit_at = std::min(text.find_first_not_of("0123456789"), text.size());
  const auto value = parse_number<std::size_t>(text.substr(0, unit_at));
  static const std::map<std::string_view, std::size_t> kUnits{
      {"", 1}, {"B", 1}, {"KB", 1024}, {"MB", 1024 * 1024}, {"GB", 1024 * 1024 * 1024}};
  const auto unit = kUnits.find(text.substr(unit_at));
  if (!value || unit == kUnits.end() || *value > (std::size_t{1} << 50) / unit->second) {
    malformed(name, *found, "a size such as 65536, 64KB or 17MB");
  }
  return *value * unit->second;
}

std::vector<std::string> Settings::list(std::string_view name,
                                        std::vector<std::string> otherwise) const {
  const auto* const found = entry(name);
  if (!found) return otherwise;
  std::vector<std::string> elements;
  for (const auto piece : split(found->value, ',')) {
    if (!trim(piece).empty()) elements.emplace_back(trim(piece));
  }
  return elements;
}

std::vector<std::string> Settings::unknown_keys() const {
  std::vector<std::string> unknown;
  for (const auto& [key, entry] : values_) {
    if (asked_.contains(key)) continue;
    std::string nearest;
    std::size_t best = SIZE_MAX;
    bool own_group = false;
    for (const auto& [known, name] : asked_) {
      if (group_of(known) == group_of(key)) own_group = true;
      if (const auto d = distance(key, known); d < best) {
        best = d;
        nearest = name;
      }
    }
    if (own_group)
      unknown.push_back(key + " (" + entry.source + "); did you mean " + nearest + "?");
  }
  return unknown;
}

}  // namespace ondol::config
