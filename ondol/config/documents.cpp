#include <ondol/config/documents.hpp>

#include <fstream>
#include <iterator>
#include <utility>

#include <yaml-cpp/yaml.h>

#include <ondol/base/text.hpp>
#include <ondol/base/utf8.hpp>
#include <ondol/config/settings.hpp>

namespace ondol::config {
namespace {

// The escapes of java.util.Properties.
std::string unescape(std::string_view text, const std::string& file) {
  std::string out;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] != '\\' || i + 1 == text.size()) {
      out += text[i];
      continue;
    }
    switch (const char c = text[++i]) {
      case 't':
        out += '\t';
        break;
      case 'n':
        out += '\n';
        break;
      case 'r':
        out += '\r';
        break;
      case 'u': {
        const auto code = parse_number<std::uint32_t>(text.substr(i + 1, 4), 16);
        if (!code || text.size() < i + 5) throw SettingsError{file + ": \\u wants four digits"};
        append_utf8(out, *code);
        i += 4;
        break;
      }
      default:
        out += c;
    }
  }
  return out;
}

std::size_t separator_of(std::string_view line) {
  for (std::size_t i = 0; i < line.size(); ++i) {
    if (line[i] == '\\') {
      ++i;
    } else if (line[i] == '=' || line[i] == ':') {
      return i;
    }
  }
  return std::string_view::npos;
}

std::vector<Source> read_properties(std::ifstream& in, const std::string& file) {
  std::vector<Source> documents(1, Source{file, {}, false});
  std::string logical;
  for (std::string line; std::getline(in, line);) {
    if (line.ends_with('\r')) line.pop_back();
    const auto text = trim(line);
    if (logical.empty()) {
      if (text == "#---" || text == "!---") {
        documents.push_back({file, {}, false});
        continue;
      }
      if (text.empty() || text.front() == '#' || text.front() == '!') continue;
    }
    if (text.ends_with('\\') && !text.ends_with("\\\\")) {
      logical += text.substr(0, text.size() - 1);
      continue;
    }
    logical += text;
    const auto end = separator_of(logical);
    if (end == std::string::npos) throw SettingsError{file + ": a line without '=': " + logical};
    const std::string_view whole = logical;
    documents.back().values.insert_or_assign(
        canonical_name(unescape(trim(whole.substr(0, end)), file)),
        unescape(trim(whole.substr(end + 1)), file));
    logical.clear();
  }
  return documents;
}

void flatten(const YAML::Node& node, const std::string& name, Source& to) {
  if (node.IsMap()) {
    for (const auto& member : node) {
      const auto key = member.first.as<std::string>();
      flatten(member.second, name.empty() ? key : name + '.' + key, to);
    }
  } else if (node.IsSequence()) {
    for (std::size_t i = 0; i < node.size(); ++i) {
      flatten(node[i], name + '[' + std::to_string(i) + ']', to);
    }
  } else {
    to.values.insert_or_assign(canonical_name(name),
                               node.IsScalar() ? node.as<std::string>() : std::string{});
  }
}

std::vector<Source> read_yaml(const std::string& file) {
  std::vector<Source> documents;
  try {
    for (const auto& node : YAML::LoadAllFromFile(file)) {
      documents.push_back({file, {}, false});
      if (!node.IsNull()) flatten(node, "", documents.back());
    }
  } catch (const YAML::Exception& e) {
    throw SettingsError{file + ": " + e.what()};
  }
  return documents;
}

}  // namespace

std::vector<Source> read_documents(const std::string& file) {
  std::ifstream in{file};
  if (!in) return {};
  return file.ends_with(".properties") ? read_properties(in, file) : read_yaml(file);
}

}  // namespace ondol::config
