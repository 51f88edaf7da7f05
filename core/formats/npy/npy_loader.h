#pragma once
#include "core/formats/loader.h"

namespace syncpoint {

/// One NumPy array; the tensor has the file's stem as its name. Format: numpy/lib/format.py,
/// versions 1–3.
std::unique_ptr<TensorLoader> makeNpyLoader();

/// The array of a mapped or unpacked .npy file; `owner` keeps `bytes` alive. Object arrays
/// (pickles) are refused. Column-major data is copied into row-major order.
Result<Tensor> parseNpy(std::span<const std::byte> bytes, std::shared_ptr<const void> owner);

} // namespace syncpoint
