#include <cstddef>
#include <cstdint>

#include <ondol/json/codec.hpp>

namespace {
struct Leaf {
  std::int32_t number = 0;
  std::optional<std::string> text;
};
struct Shape {
  std::vector<Leaf> leaves;
  std::map<std::string, double> map;
};
}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  try {
    const auto shape = ondol::json::from_json<Shape>({reinterpret_cast<const char*>(data), size});
    // What was read must survive a round trip.
    const auto text = ondol::json::to_json(shape);
    if (ondol::json::to_json(ondol::json::from_json<Shape>(text)) != text) __builtin_trap();
  } catch (const ondol::json::JsonError&) {
  }
  return 0;
}
