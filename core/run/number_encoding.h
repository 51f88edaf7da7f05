#pragma once
#include "core/base/result.h"
#include "core/tensor/tensor.h"

#include <span>

namespace syncpoint {

/// True for the types that encodeReals()/encodeIntegers() can write.
bool canEncodeReals(DType dtype);    ///< float64, float32, float16, bfloat16
bool canEncodeIntegers(DType dtype); ///< every whole-byte integer, and bool

/// A tensor of `dtype` holding `values`, rounded to nearest even. The count must fit the shape.
Result<Tensor> encodeReals(DType dtype, const Shape &shape, std::span<const double> values);
/// As above for integers and bool; a value out of the type's range is an error.
Result<Tensor> encodeIntegers(DType dtype, const Shape &shape,
                              std::span<const std::int64_t> values);

/// `tensor` as `dtype`: between floating-point types with rounding, between integer types when
/// every value fits. Anything else is an error of code BadInput.
Result<Tensor> converted(const Tensor &tensor, DType dtype);
/// Whether converted() takes this pair of types.
bool isConvertible(DType from, DType to);

} // namespace syncpoint
