#pragma once
#include "core/base/result.h"
#include "core/tensor/tensor.h"

#include <cstddef>
#include <optional>
#include <vector>

namespace syncpoint {

constexpr std::size_t kMostSamples = 1U << 20U; ///< of a run

/// What one input of a model accepts.
struct ModelPort
{
    std::string name;
    DType dtype = DType::Undefined;   ///< Undefined: not a tensor
    Shape shape;                      ///< −1: any extent
    bool anyShape = false;            ///< the model does not even fix the rank
    std::vector<std::string> symbols; ///< per extent: the name of a free one, "" when it has none
};

/// "float32 ?×3×64×64"
std::string describe(const ModelPort &port);
std::string describe(const TensorInfo &info);

/// How many samples an array of this shape holds for the port: 1, or k when its first extent is
/// k times the port's fixed first extent. A free first extent takes the array whole, unless
/// `rowsAreSamples`. Nothing when the shape does not fit.
std::optional<std::size_t> sampleCount(const Shape &array, const ModelPort &port,
                                       bool rowsAreSamples);

/// The array cut along its first extent into `count` equal parts, without copying where the
/// element type allows it. `count` comes from sampleCount().
Result<std::vector<Tensor>> splitSamples(const Tensor &array, std::size_t count);

} // namespace syncpoint
