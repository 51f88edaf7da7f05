#pragma once
#include "core/base/diagnostic.h"
#include "core/base/owned_bytes.h"
#include "core/base/result.h"
#include "core/tensor/tensor.h"

#include <cstdint>
#include <string>
#include <vector>

namespace syncpoint::pytorch {

struct NamedTensor
{
    std::string name;
    Tensor tensor;
};

struct SavedTensors
{
    std::vector<NamedTensor> tensors; ///< in the order of the pickle
    Diagnostics diagnostics;          ///< tensors that could not be used, and why
};

/// The tensors of a file that torch.save() wrote: a state dict, or any nesting of dictionaries and
/// lists, whose keys and positions are joined by dots. Of a checkpoint with a "state_dict" or
/// "model_state_dict" only that is read. A single tensor has the name "". Stored elements stay
/// where they are in `archive`; what has to be copied is taken from `copyBudget`. Reading a pickle
/// runs no code, see readPickle().
Result<SavedTensors> readSavedTensors(OwnedBytes archive, std::uint64_t &copyBudget);

} // namespace syncpoint::pytorch
