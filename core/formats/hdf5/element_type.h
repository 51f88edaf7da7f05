#pragma once
#include "core/formats/hdf5/handle.h"
#include "core/tensor/dtype.h"

#include <optional>

namespace syncpoint::hdf5 {

/// How the elements of a dataset lie in the file.
struct ElementType
{
    DType dtype = DType::Undefined;
    bool bigEndian = false;
};

/// The element type of a dataset; nothing for kinds that are no tensor elements (references, opaque
/// and compound types, numbers of unusual widths, …). h5py stores bool as an enumeration of int8
/// and complex numbers as a compound of "r" and "i".
std::optional<ElementType> elementTypeOf(hid_t fileType);

/// The type in which a dump stores `dtype` (docs/dump-format.md).
Handle storedTypeOf(DType dtype);

/// Whether that type alone tells `dtype`; the others need the "dtype" attribute.
bool isStoredAsItself(DType dtype);

/// Whether elements stored as `stored` can be `logical`, as a dump's "dtype" attribute claims:
/// the same type, its bits in an integer of the same width, or a packed type in a byte each.
bool canHold(DType stored, DType logical);

} // namespace syncpoint::hdf5
