#pragma once
#include "core/base/diagnostic.h"
#include "core/formats/npy/npy_store.h"

#include <span>

namespace syncpoint::core_ai {

/// Appends a note when most float32 tensors hold nothing but numbers of bfloat16: the run was in
/// bfloat16, and neither the arrays nor their description say so. Looks at the first elements of
/// the first few hundred tensors.
void noteLostBFloat16(std::span<const NpyItem> items, Diagnostics &diagnostics);

} // namespace syncpoint::core_ai
