#include <ondol/storage/directory_lock.hpp>

#include <optional>
#include <string>

#include <sys/wait.h>
#include <unistd.h>

#include <gmock/gmock.h>

#include <ondol/storage/storage_error.hpp>
#include <ondol/storage/storage_test_support.hpp>

namespace ondol::storage {
namespace {

std::string refusal_of(const std::filesystem::path& directory) {
  try {
    const DirectoryLock lock{directory};
  } catch (const OpenRefused& refused) {
    return refused.what();
  }
  return "not refused";
}

TEST(DirectoryLock, creates_the_directory_for_its_owner_alone) {
  const TemporaryDirectory temporary;
  const auto directory = temporary.path() / "a" / "data";

  const DirectoryLock lock{directory};

  EXPECT_EQ(std::filesystem::status(directory).permissions(), std::filesystem::perms::owner_all);
}

TEST(DirectoryLock, refuses_a_second_holder_and_names_the_first) {
  const TemporaryDirectory temporary;
  const DirectoryLock first{temporary.path()};

  EXPECT_EQ(refusal_of(temporary.path()),
            "The data directory " + temporary.path().string() + " is in use by process " +
                std::to_string(::getpid()) + ". Stop it, or choose another directory.");
}

TEST(DirectoryLock, refuses_a_second_process) {
  const TemporaryDirectory temporary;
  const DirectoryLock first{temporary.path()};

  const pid_t child = ::fork();
  if (child == 0)
    ::_exit(refusal_of(temporary.path()).find("is in use by process") == std::string::npos);
  int status = -1;
  ASSERT_EQ(::waitpid(child, &status, 0), child);

  EXPECT_TRUE(WIFEXITED(status));
  EXPECT_EQ(WEXITSTATUS(status), 0);
}

TEST(DirectoryLock, ends_with_the_object) {
  const TemporaryDirectory temporary;
  std::optional<DirectoryLock> first{temporary.path()};
  first.reset();

  EXPECT_EQ(refusal_of(temporary.path()), "not refused");
}

TEST(DirectoryLock, says_why_a_path_cannot_be_a_directory) {
  EXPECT_THAT(refusal_of("/dev/null/data"), testing::HasSubstr("/dev/null/data cannot be created"));
}

}  // namespace
}  // namespace ondol::storage
