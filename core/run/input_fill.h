#pragma once
#include "core/base/result.h"
#include "core/launch/run_request.h"
#include "core/tensor/tensor.h"

#include <cstddef>

namespace syncpoint {

/// Which input of which sample a fill is for; random numbers depend on nothing else, so that two
/// models get the same ones on every machine.
struct FillPlace
{
    std::uint64_t seed = 0;
    std::size_t input = 0; ///< position among the model's inputs
    std::size_t sample = 0;
};

/// A tensor made of nothing: zeros, ones, one number, or random numbers from std::mt19937_64:
/// floats uniform in [low, high) with 24 bits, integers from low to high. Without a range these are
/// [0, 1) and 0 or 1, which are valid ids everywhere. `fill.kind` must not be File.
Result<Tensor> fillTensor(const InputFill &fill, DType dtype, const Shape &shape,
                          const FillPlace &place);

} // namespace syncpoint
