#pragma once
#include "core/tensor/dtype.h"

#include <cstddef>
#include <map>
#include <span>
#include <utility>
#include <vector>

namespace syncpoint::hdf5 {

/// Datatypes as they stand in a file; the HDF5 library makes them.
class EncodedTypes
{
public:
    /// Of an element or an attribute, see storedTypeOf(); a text is a reference to the text heap.
    std::span<const std::byte> of(DType dtype) { return encoded(dtype, false); }
    /// Of a list of varying length.
    std::span<const std::byte> listOf(DType dtype) { return encoded(dtype, true); }

private:
    std::span<const std::byte> encoded(DType dtype, bool isList);
    std::map<std::pair<DType, bool>, std::vector<std::byte>> m_types;
};

constexpr std::size_t kReferenceBytes = 16; ///< of a text or list
/// What an element takes in a file: packed types take a byte, text a reference.
std::size_t storedBytes(DType dtype);

} // namespace syncpoint::hdf5
