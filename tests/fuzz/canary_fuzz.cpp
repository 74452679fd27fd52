#include <cstddef>
#include <cstdint>

// A planted fault: if the fuzzers do not find it, they find nothing.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size >= 4 && data[0] == 'w' && data[1] == 'a' && data[2] == 'r' && data[3] == 'm') {
    __builtin_trap();
  }
  return 0;
}
