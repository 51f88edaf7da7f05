#pragma once
#include "core/base/result.h"
#include "core/formats/pytorch/strided_tensor.h"
#include "core/formats/pytorch/unpickler.h"

#include <string>
#include <vector>

namespace syncpoint::pytorch {

/// What a pickle says of one tensor.
struct TensorRecord
{
    std::string name;
    std::string_view storage; ///< its member is data/<storage>; points into the pickle
    StridedLayout layout;
};

/// All tensors below the root of a pickle, in its order. Fails when a tensor is written in a way
/// that PyTorch does not write, and when the same values are nested without end.
Result<std::vector<TensorRecord>> tensorRecords(const Pickle &pickle);

} // namespace syncpoint::pytorch
