#include <cmath>
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
    auto again = ondol::json::from_json<Shape>(ondol::json::to_json(shape));
    for (const auto& [name, number] : shape.map) {
      // Boost.JSON reads a fraction to within the last digits, not to the nearest value.
      if (std::abs(again.map.at(name) - number) > 1e-14 * std::abs(number)) __builtin_trap();
      again.map.at(name) = number;
    }
    if (ondol::json::to_json(again) != ondol::json::to_json(shape)) __builtin_trap();
  } catch (const ondol::json::JsonError&) {
  }
  return 0;
}
