#pragma once
#include "core/base/diagnostic.h"
#include "core/base/result.h"
#include "core/tensor/tensor.h"

#include <filesystem>
#include <optional>
#include <string>

namespace syncpoint {

/// The tensor of a file that is a serialized TensorProto; `name` becomes the one it gives, if any.
/// Nothing, and a diagnostic, when the data cannot be had though the file is sound.
Result<std::optional<Tensor>> readOnnxTensorFile(const std::filesystem::path &path,
                                                 std::string &name, Diagnostics &diagnostics);

} // namespace syncpoint
