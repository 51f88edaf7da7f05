#pragma once
#include "core/launch/run_request.h"
#include "core/run/input_fill.h"
#include "core/tensor/tensor.h"

#include <cstddef>
#include <memory>
#include <vector>

namespace syncpoint {

/// Where one input's numbers come from, sample by sample.
class InputData
{
public:
    virtual ~InputData() = default;
    /// One serves every sample of a run; 0: any number can be made.
    virtual std::size_t samples() const = 0;
    virtual Shape shape(std::size_t sample) const = 0;
    /// Of the input's element type or one that converts into it.
    virtual Result<Tensor> make(std::size_t sample) const = 0;
};

/// Arrays from a file, one per sample.
std::shared_ptr<const InputData> arrayData(std::vector<Tensor> arrays);
/// Tensors made of nothing, see fillTensor(); `place.sample` is not used.
std::shared_ptr<const InputData> filledData(const InputFill &fill, DType dtype, Shape shape,
                                            FillPlace place);

} // namespace syncpoint
