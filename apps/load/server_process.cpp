#include <apps/load/server_process.hpp>

#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <map>
#include <sstream>
#include <stdexcept>
#include <string>
#include <vector>

namespace load {
namespace {

struct Stat {
  pid_t parent = 0;
  Usage usage;
};

bool read_stat(const std::string& pid, Stat& stat) {
  std::ifstream in{"/proc/" + pid + "/stat"};
  std::string line;
  if (!std::getline(in, line)) return false;
  // The name may hold anything; what follows its last parenthesis is numbers.
  std::istringstream rest{line.substr(line.rfind(')') + 2)};
  std::string state;
  long long field = 0;
  rest >> state >> stat.parent;
  for (int i = 5; i <= 13; ++i) rest >> field;
  double user = 0;
  double system = 0;
  rest >> user >> system;
  stat.usage.core_seconds = (user + system) / static_cast<double>(::sysconf(_SC_CLK_TCK));
  for (int i = 16; i <= 23; ++i) rest >> field;
  std::uint64_t pages = 0;
  rest >> pages;
  stat.usage.resident = pages * static_cast<std::uint64_t>(::sysconf(_SC_PAGESIZE));
  return true;
}

}  // namespace

ServerProcess::ServerProcess(pid_t pid, bool children) : pid_{pid}, children_{children} {
  Stat stat;
  if (pid > 0 && !read_stat(std::to_string(pid), stat)) {
    throw std::runtime_error{"no process " + std::to_string(pid)};
  }
}

Usage ServerProcess::usage() const {
  Stat own;
  if (!known() || !read_stat(std::to_string(pid_), own) || !children_) return own.usage;
  std::map<pid_t, Stat> all;
  for (const auto& entry : std::filesystem::directory_iterator{"/proc"}) {
    const auto name = entry.path().filename().string();
    Stat stat;
    if (name.find_first_not_of("0123456789") == std::string::npos && read_stat(name, stat)) {
      all.emplace(static_cast<pid_t>(std::stol(name)), stat);
    }
  }
  Usage sum = own.usage;
  std::vector<pid_t> parents{pid_};
  while (!parents.empty()) {
    const auto parent = parents.back();
    parents.pop_back();
    for (const auto& [pid, stat] : all) {
      if (stat.parent != parent) continue;
      parents.push_back(pid);
      sum.core_seconds += stat.usage.core_seconds;
      sum.resident += stat.usage.resident;
    }
  }
  return sum;
}

}  // namespace load
