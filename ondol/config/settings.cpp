#include <ondol/config/settings.hpp>

#include <algorithm>
#include <array>
#include <ranges>
#include <span>
#include <utility>

#include <ondol/base/text.hpp>

namespace ondol::config {
namespace {

// Deeper nested placeholders refer to each other.
constexpr int kMaxPlaceholders = 32;

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

// A number and its unit.
struct Unit {
  std::string_view name;
  std::int64_t factor;
};
constexpr std::array<Unit, 5> kTimeUnits{
    {{"d", 86'400'000}, {"h", 3'600'000}, {"m", 60'000}, {"s", 1'000}, {"ms", 1}}};
constexpr std::array<Unit, 4> kSizeUnits{
    {{"GB", 1 << 30}, {"MB", 1 << 20}, {"KB", 1 << 10}, {"B", 1}}};
constexpr std::int64_t kLargest = std::int64_t{1} << 52;

std::optional<std::int64_t> parse(std::string_view text, std::span<const Unit> units) {
  const auto unit_at = std::min(text.find_first_not_of("0123456789"), text.size());
  const auto value = parse_number<std::int64_t>(text.substr(0, unit_at));
  if (!value) return std::nullopt;
  const auto name = trim(text.substr(unit_at));
  std::int64_t factor = 1;
  if (!name.empty()) {
    const auto unit = std::ranges::find(units, name, &Unit::name);
    if (unit == units.end()) return std::nullopt;
    factor = unit->factor;
  }
  if (*value > kLargest / factor) return std::nullopt;
  return *value * factor;
}

std::string write(std::int64_t value, std::span<const Unit> units) {
  for (const auto& unit : units) {
    if (value != 0 && value % unit.factor == 0) {
      return std::to_string(value / unit.factor) + std::string{unit.name};
    }
  }
  return std::to_string(value);
}

std::string join(const std::vector<std::string>& texts, std::string_view between) {
  std::string out;
  for (const auto& text : texts) (out.empty() ? out : out += between) += text;
  return out;
}

}  // namespace

void Settings::set(std::string_view name, std::string value, std::string source) {
  sources_.push_back({std::move(source), {{canonical_name(name), std::move(value)}}, false});
}

std::optional<Settings::Found> Settings::entry(std::string_view name, int depth) const {
  const auto key = canonical_name(name);
  std::string dashed = to_lower(name);
  std::ranges::replace(dashed, '.', '_');
  std::ranges::replace(dashed, '-', '_');
  for (const auto& source : std::views::reverse(sources_)) {
    auto found = source.values.end();
    if (source.environment) {
      found = source.values.find(environment_name(name));
      if (found == source.values.end()) found = source.values.find(dashed);
    } else {
      found = source.values.find(key);
    }
    if (found != source.values.end()) {
      return Found{resolve(found->second, name, depth), &source.name};
    }
  }
  return std::nullopt;
}

std::string Settings::resolve(std::string_view text, std::string_view name, int depth) const {
  std::string out;
  for (std::size_t at = 0;;) {
    const auto begin = text.find("${", at);
    out += text.substr(at, begin - at);
    if (begin == std::string_view::npos) return out;
    if (depth > kMaxPlaceholders) {
      throw SettingsError{std::string{name} + ": placeholders refer to each other"};
    }
    std::size_t end = begin + 2;
    for (int open = 1; end < text.size(); ++end) {
      if (text.substr(end).starts_with("${")) ++open;
      if (text[end] == '}' && --open == 0) break;
    }
    if (end >= text.size()) return out.append(text.substr(begin));
    const auto inside = text.substr(begin + 2, end - begin - 2);
    const auto colon = inside.find(':', inside.starts_with("${") ? inside.rfind('}') : 0);
    const auto key = resolve(inside.substr(0, colon), name, depth + 1);
    if (const auto value = entry(key, depth + 1)) {
      out += value->value;
    } else if (colon != std::string_view::npos) {
      out += resolve(inside.substr(colon + 1), name, depth + 1);
    } else {
      throw SettingsError{"Could not resolve placeholder '" + key + "' in value \"" +
                          std::string{text} + "\" of " + std::string{name}};
    }
    at = end + 1;
  }
}

std::optional<Settings::Found> Settings::ask(std::string_view name, std::string_view type,
                                             std::string otherwise, std::string_view description,
                                             bool secret) const {
  known_.insert_or_assign(std::string{name},
                          KnownSetting{std::string{name}, std::string{type}, std::move(otherwise),
                                       std::string{description}, secret});
  return entry(name);
}

void Settings::malformed(std::string_view name, const Found& found, std::string_view expected) {
  throw SettingsError{std::string{name} + " = '" + found.value + "' (" + *found.source +
                      "): expected " + std::string{expected}};
}

std::optional<std::string> Settings::find(std::string_view name) const {
  auto found = entry(name);
  if (!found) return std::nullopt;
  return std::move(found->value);
}

std::string Settings::text(std::string_view name, std::string_view otherwise,
                           std::string_view description) const {
  auto found = ask(name, "text", std::string{otherwise}, description);
  return found ? std::move(found->value) : std::string{otherwise};
}

std::optional<std::string> Settings::secret(std::string_view name,
                                            std::string_view description) const {
  auto found = ask(name, "secret", "", description, true);
  if (!found) return std::nullopt;
  return std::move(found->value);
}

bool Settings::flag(std::string_view name, bool otherwise, std::string_view description) const {
  const auto found = ask(name, "true or false", otherwise ? "true" : "false", description);
  if (!found) return otherwise;
  for (const auto* yes : {"true", "on", "yes", "1"}) {
    if (iequals(found->value, yes)) return true;
  }
  for (const auto* no : {"false", "off", "no", "0"}) {
    if (iequals(found->value, no)) return false;
  }
  malformed(name, *found, "true or false");
}

std::int64_t Settings::number(std::string_view name, std::int64_t otherwise, std::int64_t minimum,
                              std::int64_t maximum, std::string_view description) const {
  const auto range = std::to_string(minimum) + " to " + std::to_string(maximum);
  const auto found = ask(name, range, std::to_string(otherwise), description);
  if (!found) return otherwise;
  const auto value = parse_number<std::int64_t>(trim(found->value));
  if (!value || *value < minimum || *value > maximum) {
    malformed(name, *found, "a whole number from " + range);
  }
  return *value;
}

std::chrono::milliseconds Settings::duration(std::string_view name,
                                             std::chrono::milliseconds otherwise,
                                             std::string_view description) const {
  const auto found = ask(name, "duration", write(otherwise.count(), kTimeUnits), description);
  if (!found) return otherwise;
  const auto value = parse(trim(found->value), kTimeUnits);
  if (!value) malformed(name, *found, "a duration such as 500ms, 10s, 20m, 12h or 14d");
  return std::chrono::milliseconds{*value};
}

std::size_t Settings::size(std::string_view name, std::size_t otherwise,
                           std::string_view description) const {
  const auto found =
      ask(name, "size", write(static_cast<std::int64_t>(otherwise), kSizeUnits), description);
  if (!found) return otherwise;
  const auto value = parse(trim(found->value), kSizeUnits);
  if (!value) malformed(name, *found, "a size such as 65536, 64KB or 17MB");
  return static_cast<std::size_t>(*value);
}

std::vector<std::string> Settings::list(std::string_view name, std::vector<std::string> otherwise,
                                        std::string_view description) const {
  const auto found = ask(name, "list", join(otherwise, ","), description);
  std::vector<std::string> elements;
  if (found) {
    for (const auto piece : split(found->value, ',')) {
      if (!trim(piece).empty()) elements.emplace_back(trim(piece));
    }
    return elements;
  }
  for (;;) {
    const auto element = entry(std::string{name} + '[' + std::to_string(elements.size()) + ']');
    if (!element) break;
    elements.push_back(element->value);
  }
  return elements.empty() ? otherwise : elements;
}

std::string Settings::choice(std::string_view name, const std::vector<std::string>& choices,
                             std::string_view description) const {
  const auto found = ask(name, join(choices, " or "), choices.front(), description);
  if (!found) return choices.front();
  // As Spring reads enums: any case, dashes and underscores ignored (WB-422).
  for (const auto& one : choices) {
    if (canonical_name(one) == canonical_name(found->value)) return one;
  }
  malformed(name, *found, join(choices, " or "));
}

std::vector<std::string> Settings::unknown_keys() const {
  std::vector<std::string> unknown;
  for (const auto& source : sources_) {
    if (source.environment) continue;
    for (const auto& [key, value] : source.values) {
      const auto base = std::string_view{key}.substr(0, key.find('['));
      std::string nearest;
      std::size_t best = SIZE_MAX;
      bool own_group = false;
      for (const auto& [name, setting] : known_) {
        const auto canonical = canonical_name(name);
        if (group_of(canonical) == group_of(key)) own_group = true;
        if (const auto d = distance(base, canonical); d < best) {
          best = d;
          nearest = name;
        }
      }
      if (own_group && best != 0) {
        unknown.push_back(key + " (" + source.name + "); did you mean " + nearest + "?");
      }
    }
  }
  return unknown;
}

}  // namespace ondol::config
