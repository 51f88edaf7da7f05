#pragma once
#include <cstdint>
#include <string>
#include <string_view>

namespace syncpoint {

constexpr std::int32_t kTfliteCustomOp = 32;

/// "CONV_2D" for 3; "BUILTIN_<number>" for ops that are newer than the list.
std::string tfliteOpName(std::int32_t code);

/// The unit that runs an op which holds a piece of the model compiled for it: "Ethos-U NPU" for
/// "ethos-u"; empty for other custom ops.
std::string_view placementOfCustomOp(std::string_view customCode);

} // namespace syncpoint
