#pragma once
#include "core/tensor/dtype.h"

#include <cstdint>

namespace syncpoint {

/// TensorType as our type; Undefined for resources, variants and numbers that are not known.
DType dtypeOfTflite(std::int64_t tensorType);

} // namespace syncpoint
