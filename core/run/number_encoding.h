#pragma once
#include "core/base/result.h"
#include "core/tensor/encode.h"

namespace syncpoint {

/// `tensor` as `dtype`: between floating-point types with rounding, between integer types when
/// every value fits. Anything else is an error of code BadInput.
Result<Tensor> converted(const Tensor &tensor, DType dtype);
/// Whether converted() takes this pair of types.
bool isConvertible(DType from, DType to);

} // namespace syncpoint
