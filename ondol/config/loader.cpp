#include <ondol/config/loader.hpp>

#include <algorithm>
#include <array>
#include <filesystem>
#include <utility>

#include <ondol/base/text.hpp>
#include <ondol/config/documents.hpp>
#include <ondol/config/profiles.hpp>

extern char** environ;

namespace ondol::config {
namespace {

// YAML first: of two files in one folder the properties win (WB-416).
constexpr std::array<std::string_view, 3> kExtensions{".yml", ".yaml", ".properties"};
constexpr std::string_view kOptional = "optional:";
constexpr std::string_view kCommandLine = "the command line";
// A chain of imports longer than this is one that goes in a circle.
constexpr int kMaxImports = 32;

Source environment() {
  Source source{"the environment", {}, true};
  for (char** variable = environ; variable && *variable; ++variable) {
    const std::string_view text = *variable;
    const auto equals = text.find('=');
    if (equals == std::string_view::npos) continue;
    source.values.insert_or_assign(to_lower(text.substr(0, equals)),
                                   std::string{text.substr(equals + 1)});
  }
  return source;
}

Source command_line(int argc, const char* const* argv) {
  Source source{std::string{kCommandLine}, {}, false};
  for (int i = 1; i < argc; ++i) {
    const std::string_view argument = argv[i];
    if (!argument.starts_with("--") || argument.size() == 2) {
      throw SettingsError{"unexpected argument '" + std::string{argument} +
                          "': settings are written --name=value"};
    }
    const auto equals = argument.find('=');
    const auto name = argument.substr(2, equals == std::string_view::npos ? equals : equals - 2);
    source.values.insert_or_assign(
        canonical_name(name),
        equals == std::string_view::npos ? "true" : std::string{argument.substr(equals + 1)});
  }
  return source;
}

std::vector<std::string> names_of(const Settings& settings, std::string_view key) {
  std::vector<std::string> names;
  if (const auto text = settings.find(key)) {
    for (const auto piece : split(*text, ',')) {
      if (!trim(piece).empty()) names.emplace_back(trim(piece));
    }
  }
  for (int i = 0;; ++i) {
    const auto element = settings.find(std::string{key} + '[' + std::to_string(i) + ']');
    if (!element) break;
    names.push_back(*element);
  }
  return names;
}

class Loader {
 public:
  Loader(Source environment, Source arguments, std::string directory)
      : environment_{std::move(environment)},
        arguments_{std::move(arguments)},
        directory_{std::move(directory)} {}

  Settings load() {
    std::vector<Source> documents;
    for (const auto& place : places()) append(documents, place, "", 0);
    find_profiles(documents);
    std::vector<Source> files = only_active(std::move(documents), false);
    for (const auto& place : places()) {
      for (const auto& profile : active_) {
        std::vector<Source> own;
        append(own, {place.path, true}, '-' + profile, 0);
        std::ranges::move(only_active(std::move(own), true), std::back_inserter(files));
      }
    }
    return with_overrides(std::move(files));
  }

 private:
  struct Place {
    std::string path;  // a folder with a / at its end, or a file
    bool optional = true;
  };

  Settings with_overrides(std::vector<Source> files) const {
    files.push_back(environment_);
    files.push_back(arguments_);
    return Settings{std::move(files)};
  }

  static Place place_of(std::string_view text) {
    const bool optional = text.starts_with(kOptional);
    if (optional) text.remove_prefix(kOptional.size());
    if (text.starts_with("file:")) text.remove_prefix(5);
    return {std::string{text}, optional};
  }

  // Folders and files in rising precedence (WB-416, WB-417).
  std::vector<Place> places() const {
    const auto overrides = with_overrides({});
    std::vector<Place> places;
    for (const auto& one : names_of(overrides, "spring.config.location")) {
      places.push_back(place_of(one));
    }
    if (places.empty()) {
      places = {{directory_ + '/'}, {directory_ + "/config/"}};
      std::vector<std::string> children;
      std::error_code ignored;
      for (const auto& child :
           std::filesystem::directory_iterator{directory_ + "/config", ignored}) {
        if (child.is_directory()) children.push_back(child.path().string() + '/');
      }
      std::ranges::sort(children);
      for (auto& child : children) places.push_back({std::move(child)});
    }
    for (const auto& one : names_of(overrides, "spring.config.additional-location")) {
      places.push_back(place_of(one));
    }
    return places;
  }

  void append(std::vector<Source>& to, const Place& place, const std::string& suffix, int depth) {
    if (!place.path.ends_with('/')) {
      if (suffix.empty()) append_file(to, place.path, place.optional, depth);
      return;
    }
    if (!place.optional && !std::filesystem::is_directory(place.path)) {
      throw SettingsError{place.path + ": no such folder"};
    }
    const auto name = with_overrides({}).find("spring.config.name").value_or("application");
    for (const auto extension : kExtensions) {
      append_file(to, place.path + name + suffix + std::string{extension}, true, depth);
    }
  }

  // An import wins over the document that asks for it (WB-417).
  void append_file(std::vector<Source>& to, const std::string& file, bool optional, int depth) {
    if (depth > kMaxImports) throw SettingsError{file + ": files import each other"};
    if (!std::filesystem::exists(file)) {
      if (optional) return;
      throw SettingsError{file + ": no such file"};
    }
    for (auto& document : read_documents(file)) {
      const auto imports = names_of(Settings{{document}}, "spring.config.import");
      to.push_back(std::move(document));
      for (const auto& one : imports) {
        auto place = place_of(one);
        if (!place.path.starts_with('/')) {
          place.path = (std::filesystem::path{file}.parent_path() / place.path).string();
        }
        append(to, place, "", depth + 1);
      }
    }
  }

  // WB-419: the list, each followed by its group, then what is always included.
  void find_profiles(const std::vector<Source>& documents) {
    std::vector<Source> unconditional;
    for (const auto& document : documents) {
      if (!document.values.contains("spring.config.activate.onprofile")) {
        unconditional.push_back(document);
      }
    }
    const auto settings = with_overrides(std::move(unconditional));
    for (const auto& name : names_of(settings, "spring.profiles.include")) add(name, settings);
    for (const auto& name : names_of(settings, "spring.profiles.active")) add(name, settings);
    if (active_.empty()) active_.emplace_back("default");
  }

  void add(const std::string& profile, const Settings& settings) {
    if (std::ranges::find(active_, profile) != active_.end()) return;
    active_.push_back(profile);
    for (const auto& member : names_of(settings, "spring.profiles.group." + profile)) {
      add(member, settings);
    }
  }

  std::vector<Source> only_active(std::vector<Source> documents, bool profile_specific) const {
    std::erase_if(documents, [&](const Source& document) {
      const auto condition = document.values.find("spring.config.activate.onprofile");
      const bool conditional = condition != document.values.end();
      if (conditional || profile_specific) {
        for (const auto* key :
             {"spring.profiles.active", "spring.profiles.include", "spring.profiles.default"}) {
          if (document.values.contains(key)) {
            throw SettingsError{std::string{key} + " (" + document.name +
                                "): not allowed in a document of a profile"};
          }
        }
      }
      return conditional && !matches_profiles(condition->second, active_);
    });
    return documents;
  }

  Source environment_;
  Source arguments_;
  std::string directory_;
  std::vector<std::string> active_;
};

}  // namespace

Settings load(int argc, const char* const* argv, const std::string& directory) {
  return Loader{environment(), command_line(argc, argv), directory}.load();
}

}  // namespace ondol::config
