#pragma once
#include "core/base/result.h"

#include <filesystem>

namespace syncpoint {

/// Where the parts of a Core ML model are.
struct CoreMlPackage
{
    enum class Form { Protobuf, Text };
    Form form = Form::Protobuf;
    std::filesystem::path model;        ///< serialized Model, or the program's text
    std::filesystem::path metadata;     ///< metadata.json of a compiled model; empty without one
    std::filesystem::path debugHandles; ///< map of an ExecuTorch program's handles; empty without
};

/// Looks into an `.mlpackage` or `.mlmodelc` folder; a file is the model itself. Nothing outside of
/// the folder is taken.
Result<CoreMlPackage> openCoreMlPackage(const std::filesystem::path &path);

} // namespace syncpoint
