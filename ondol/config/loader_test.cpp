#include <ondol/config/loader.hpp>

#include <stdlib.h>

#include <filesystem>
#include <fstream>

#include <gtest/gtest.h>

namespace ondol::config {
namespace {

class Loading : public ::testing::Test {
 protected:
  Loading() {
    std::string name = std::filesystem::temp_directory_path() / "ondol-settings-XXXXXX";
    directory_ = ::mkdtemp(name.data());
  }
  ~Loading() override { std::filesystem::remove_all(directory_); }

  void write(const std::string& file, const std::string& text) {
    std::filesystem::create_directories((directory_ / file).parent_path());
    std::ofstream{directory_ / file} << text;
  }

  Settings load(std::vector<const char*> arguments = {}) {
    arguments.insert(arguments.begin(), "server");
    return config::load(static_cast<int>(arguments.size()), arguments.data(), directory_);
  }
  std::string value(std::string_view name, std::vector<const char*> arguments = {}) {
    return load(std::move(arguments)).find(name).value_or("(none)");
  }
  std::string failure(std::vector<const char*> arguments = {}) {
    try {
      static_cast<void>(load(std::move(arguments)));
    } catch (const SettingsError& e) {
      return e.what();
    }
    return "(loaded)";
  }

  std::filesystem::path directory_;
};

// WB-415, WB-416.
TEST_F(Loading, the_later_source_wins) {
  write("application.yaml", "server:\n  port: 1\n  address: a\n  backlog: 3\n");
  write("application.properties", "# comment\nserver.port = 2\nserver.address=b\n");
  EXPECT_EQ(value("server.backlog"), "3");
  EXPECT_EQ(value("server.address"), "b");
  EXPECT_EQ(value("server.port"), "2");
  write("config/application.yml", "server.port: 22");
  EXPECT_EQ(value("server.port"), "22");
  write("config/a/application.yml", "server.port: 23");
  EXPECT_EQ(value("server.port"), "23");
  ::setenv("SERVER_PORT", "3", 1);
  EXPECT_EQ(value("server.port"), "3");
  EXPECT_EQ(value("server.port", {"--server.port=4"}), "4");
  ::unsetenv("SERVER_PORT");
}

// WB-416: as java.util.Properties reads them.
TEST_F(Loading, properties_have_escapes_and_go_on_behind_a_backslash) {
  write("application.properties", "a.b : one, \\\r\n   two\r\na.c=\\uc548\\u0041\\tx\n! no\n");
  EXPECT_EQ(value("a.b"), "one, two");
  EXPECT_EQ(value("a.c"), "안A\tx");
}

TEST_F(Loading, yaml_sequences_are_lists) {
  write("application.yaml", "a:\n  - x\n  - y\nb:\n  - name: n\n");
  EXPECT_EQ(load().list("a", {}, ""), (std::vector<std::string>{"x", "y"}));
  EXPECT_EQ(value("b[0].name"), "n");
}

// WB-417.
TEST_F(Loading, a_location_replaces_the_folders_and_an_additional_one_follows_them) {
  write("application.properties", "a=here");
  write("other/application.properties", "a=other");
  const auto other = directory_.string() + "/other/";
  EXPECT_EQ(value("a", {("--spring.config.location=" + other).c_str()}), "other");
  EXPECT_EQ(value("a", {("--spring.config.additional-location=" + other).c_str()}), "other");
  EXPECT_EQ(failure({"--spring.config.location=/nowhere/"}), "/nowhere/: no such folder");
  EXPECT_EQ(value("a", {"--spring.config.location=optional:/nowhere/"}), "(none)");
  write("mine.properties", "a=mine");
  EXPECT_EQ(value("a", {"--spring.config.name=mine"}), "mine");
}

// WB-417.
TEST_F(Loading, an_import_wins_over_the_document_that_asks_for_it) {
  write("application.properties", "a=here\nspring.config.import=secrets.yaml,optional:none.yaml");
  write("secrets.yaml", "a: imported");
  EXPECT_EQ(value("a"), "imported");
  write("application.properties", "spring.config.import=gone.yaml");
  EXPECT_NE(failure().find("gone.yaml: no such file"), std::string::npos);
  write("application.properties", "spring.config.import=application.properties");
  EXPECT_NE(failure().find("files import each other"), std::string::npos);
}

// WB-418.
TEST_F(Loading, later_documents_win_and_may_be_for_a_profile) {
  write("application.yaml",
        "a: 1\nb: 1\n---\na: 2\n---\nspring.config.activate.on-profile: prod\nb: 3\n");
  EXPECT_EQ(value("a"), "2");
  EXPECT_EQ(value("b"), "1");
  EXPECT_EQ(value("b", {"--spring.profiles.active=prod"}), "3");
  write("application.properties", "c=1\n#---\nspring.config.activate.on-profile=!prod\nc=2\n");
  EXPECT_EQ(value("c"), "2");
  EXPECT_EQ(value("c", {"--spring.profiles.active=prod"}), "1");
}

// WB-419.
TEST_F(Loading, of_several_profiles_the_last_wins) {
  write("application.properties", "a=0\nspring.profiles.group.all=one,two");
  write("application-one.properties", "a=1\nb=1");
  write("application-two.yaml", "a: 2");
  write("application-default.yaml", "d: 1");
  EXPECT_EQ(value("a"), "0");
  EXPECT_EQ(value("d"), "1");
  EXPECT_EQ(value("a", {"--spring.profiles.active=one,two"}), "2");
  EXPECT_EQ(value("a", {"--spring.profiles.active=two,one"}), "1");
  EXPECT_EQ(value("b", {"--spring.profiles.active=all"}), "1");
  write("application-one.properties", "spring.profiles.active=two");
  EXPECT_NE(failure({"--spring.profiles.active=one"}).find("not allowed"), std::string::npos);
}

TEST_F(Loading, refuses_what_is_no_setting) {
  EXPECT_EQ(failure({"port=1"}), "unexpected argument 'port=1': settings are written --name=value");
  write("application.yaml", "a: [1");
  EXPECT_NE(failure().find("application.yaml"), std::string::npos);
  write("application.yaml", "");
  write("application.properties", "no equals sign");
  EXPECT_NE(failure().find("a line without '='"), std::string::npos);
}

}  // namespace
}  // namespace ondol::config
