#pragma once
#include "core/formats/external_data.h"
#include "core/tensor/tensor_store.h"

#include <string>

namespace syncpoint::raw {

/// A tensor whose elements, little-endian and row-major, are all that a file holds; of a .npy file,
/// what comes after the header.
struct RawTensor
{
    TensorEntry entry;
    std::string file; ///< relative to the folder of `files`
};

/// A view of the mapped file. Fails when it is missing, leads out of the folder or has another size
/// than type and shape need.
Result<MemoryTensorStore::Item> openRaw(const RawTensor &tensor, ExternalDataFiles &files);

} // namespace syncpoint::raw
