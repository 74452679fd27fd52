#include <ondol/storage/directory_lock.hpp>

#include <array>
#include <cerrno>
#include <string>
#include <string_view>
#include <system_error>
#include <utility>

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <ondol/base/text.hpp>
#include <ondol/storage/storage_error.hpp>

namespace ondol::storage {

namespace {

constexpr std::string_view kFileName = "lock";

std::string reason_of(int error) {
  return std::generic_category().message(error);
}

void ensure_directory(const std::filesystem::path& directory) {
  std::error_code failure;
  if (std::filesystem::is_directory(directory, failure)) return;
  if (std::filesystem::create_directories(directory, failure)) {
    // It will hold password hashes and keys.
    std::filesystem::permissions(directory, std::filesystem::perms::owner_all, failure);
  }
  if (failure) {
    throw OpenRefused{"The data directory " + directory.string() +
                      " cannot be created: " + failure.message() + "."};
  }
}

std::string holder_of(int descriptor) {
  std::array<char, 32> text{};
  const ssize_t size = ::pread(descriptor, text.data(), text.size(), 0);
  if (size <= 0) return "another process";
  const auto number =
      parse_number<long>(trim(std::string_view{text.data(), static_cast<std::size_t>(size)}));
  return number ? "process " + std::to_string(*number) : "another process";
}

void write_holder(int descriptor) {
  const std::string text = std::to_string(::getpid());
  // The number only makes the refusal of a second process easier to read, so a failure does not
  // matter.
  if (::ftruncate(descriptor, 0) != 0) return;
  [[maybe_unused]] const ssize_t written = ::pwrite(descriptor, text.data(), text.size(), 0);
}

}  // namespace

DirectoryLock::DirectoryLock(const std::filesystem::path& directory) {
  ensure_directory(directory);
  const std::string path = (directory / kFileName).string();
  const int descriptor = ::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, S_IRUSR | S_IWUSR);
  if (descriptor < 0) {
    throw OpenRefused{"The data directory " + directory.string() +
                      " cannot be used: " + reason_of(errno) + "."};
  }
  if (::flock(descriptor, LOCK_EX | LOCK_NB) != 0) {
    const int error = errno;
    const std::string holder = holder_of(descriptor);
    ::close(descriptor);
    if (error != EWOULDBLOCK) {
      throw OpenRefused{"The data directory " + directory.string() +
                        " cannot be locked: " + reason_of(error) + "."};
    }
    throw OpenRefused{"The data directory " + directory.string() + " is in use by " + holder +
                      ". Stop it, or choose another directory."};
  }
  write_holder(descriptor);
  descriptor_ = descriptor;
}

DirectoryLock::DirectoryLock(DirectoryLock&& other) noexcept
    : descriptor_{std::exchange(other.descriptor_, -1)} {}

DirectoryLock& DirectoryLock::operator=(DirectoryLock&& other) noexcept {
  std::swap(descriptor_, other.descriptor_);
  return *this;
}

DirectoryLock::~DirectoryLock() {
  if (descriptor_ >= 0) ::close(descriptor_);
}

}  // namespace ondol::storage
