#pragma once
#include "core/tensor/tensor_store.h"

#include <optional>
#include <string>
#include <string_view>

namespace syncpoint::hdf5 {

/// The dataset's name for a tensor's name: "%" → "%25", "/" → "%2F", NUL → "%00", and a name of
/// dots only, which HDF5 takes for the current group, with every dot as "%2E".
std::string keyOf(std::string_view tensorName);
/// Inverse of keyOf(); what is not an escape stays.
std::string nameOfKey(std::string_view key);

std::string_view kindName(TensorEntry::Kind kind);
std::optional<TensorEntry::Kind> kindFromName(std::string_view name);

} // namespace syncpoint::hdf5
