#pragma once

#include <filesystem>

namespace ondol::storage {

// A data directory belongs to one process at a time. The lock ends with the object or with the
// process, however it ends; the file stays.
class DirectoryLock {
 public:
  // Creates the directory, open to its owner alone, when it is missing. Throws OpenRefused when
  // another process, or another lock of this one, holds it, and when the directory cannot be used.
  explicit DirectoryLock(const std::filesystem::path& directory);
  DirectoryLock(DirectoryLock&& other) noexcept;
  DirectoryLock& operator=(DirectoryLock&& other) noexcept;
  ~DirectoryLock();

 private:
  int descriptor_ = -1;
};

}  // namespace ondol::storage
