#include <ondol/boot/command_line.hpp>

#include <cstdio>
#include <cstdlib>
#include <string>
#include <vector>

#include <CLI/CLI.hpp>

#include <ondol/config/loader.hpp>
#include <ondol/config/reference.hpp>

namespace ondol::boot {
namespace {

using config::Settings;

[[noreturn]] void end(int status) {
  std::fflush(stdout);
  std::exit(status);
}

[[noreturn]] void check(const Settings& settings) {
  const auto unknown = settings.unknown_keys();
  for (const auto& key : unknown) std::fprintf(stderr, "unknown setting %s\n", key.c_str());
  if (unknown.empty()) std::puts("the settings can be read");
  end(unknown.empty() ? 0 : 1);
}

}  // namespace

Settings command_line(int argc, const char* const* argv,
                      const std::function<void(const Settings&)>& read) {
  CLI::App app{"Settings are written --name=value; see config docs."};
  app.allow_extras();
  auto* const config = app.add_subcommand("config", "looks at the settings and starts nothing");
  config->require_subcommand(1);
  config->fallthrough();
  auto* const check_verb =
      config->add_subcommand("check", "0 if every setting can be read and none is unknown");
  auto* const print_verb = config->add_subcommand("print", "every setting as it holds now");
  auto* const docs_verb = config->add_subcommand("docs", "the reference as Markdown");
  for (auto* verb : {config, check_verb, print_verb, docs_verb}) verb->allow_extras();
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& e) {
    end(app.exit(e));
  }

  auto arguments = app.remaining(true);
  std::vector<const char*> raw{argv[0]};
  for (const auto& argument : arguments) raw.push_back(argument.c_str());
  auto settings = config::load(static_cast<int>(raw.size()), raw.data());
  read(settings);
  if (*check_verb) check(settings);
  if (*print_verb) {
    std::fputs(config::effective(settings).c_str(), stdout);
    end(0);
  }
  if (*docs_verb) {
    std::fputs(config::reference(settings).c_str(), stdout);
    end(0);
  }
  return settings;
}

}  // namespace ondol::boot
