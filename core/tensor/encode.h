#pragma once
#include "core/base/result.h"
#include "core/tensor/tensor.h"

#include <span>
#include <vector>

namespace syncpoint {

/// True for the types that encodeReals()/encodeIntegers() can write.
bool canEncodeReals(DType dtype);    ///< float64, float32, float16, bfloat16
bool canEncodeIntegers(DType dtype); ///< every whole-byte integer, and bool

/// `values` as elements of `dtype`, rounded to nearest even; canEncodeReals() must hold.
std::vector<std::byte> encodedReals(DType dtype, std::span<const double> values);

/// A tensor of `dtype` holding `values`, rounded to nearest even. The count must fit the shape.
Result<Tensor> encodeReals(DType dtype, const Shape &shape, std::span<const double> values);
/// As above for integers and bool; a value out of the type's range is an error.
Result<Tensor> encodeIntegers(DType dtype, const Shape &shape,
                              std::span<const std::int64_t> values);

} // namespace syncpoint
