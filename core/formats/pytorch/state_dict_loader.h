#pragma once
#include "core/formats/loader.h"

namespace syncpoint {

/// Tensors that torch.save() wrote: state dicts and nestings of dictionaries and lists.
std::unique_ptr<TensorLoader> makeStateDictLoader();

} // namespace syncpoint
