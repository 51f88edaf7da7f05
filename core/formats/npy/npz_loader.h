#pragma once
#include "core/formats/loader.h"

namespace syncpoint {

/// A zip of .npy members, stored or deflated. Stored members are mapped.
std::unique_ptr<TensorLoader> makeNpzLoader();

} // namespace syncpoint
