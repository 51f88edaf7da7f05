#pragma once
#include "core/base/owned_bytes.h"
#include "core/base/result.h"
#include "core/tensor/tensor.h"

#include <cstdint>
#include <vector>

namespace syncpoint::pytorch {

/// How a tensor lies in its storage, in elements.
struct StridedLayout
{
    TensorInfo info;
    std::vector<std::int64_t> strides; ///< one per axis
    std::int64_t offset = 0;
};

/// The tensor: a view of the storage when its elements lie there in row-major order, else a copy,
/// whose bytes are taken from `copyBudget`. Fails when the layout leaves the storage, when the
/// budget does not suffice, and for strides that are negative.
Result<Tensor> stridedTensor(const StridedLayout &layout, const OwnedBytes &storage,
                             std::uint64_t &copyBudget);

} // namespace syncpoint::pytorch
