#pragma once

#include <sys/types.h>

#include <cstdint>

namespace load {

// What a server has used, by /proc: of the process, and of its children where `children` is set.
struct Usage {
  double core_seconds = 0;     // user and system time
  std::uint64_t resident = 0;  // octets
};

class ServerProcess {
 public:
  // 0: unknown, everything is 0. Throws std::runtime_error when there is no such process.
  ServerProcess(pid_t pid, bool children);

  bool known() const { return pid_ > 0; }
  Usage usage() const;

 private:
  pid_t pid_;
  bool children_;
};

}  // namespace load
