#pragma once
#include "core/base/diagnostic.h"
#include "core/base/result.h"
#include "core/formats/pytorch/program_files.h"
#include "core/tensor/tensor.h"

#include <string>
#include <unordered_map>

namespace syncpoint::pytorch {

/// Parameters, buffers and constants of a program by their full name ("encoder.0.weight").
struct ProgramWeights
{
    std::unordered_map<std::string, Tensor> tensors;
    Diagnostics diagnostics; ///< tensors that could not be used, and why
};

/// Views of the mapped archive where their elements lie in order. Fails when a whole member is
/// damaged or refused.
Result<ProgramWeights> readProgramWeights(const ZipArchive &archive, const ProgramFiles &files);

} // namespace syncpoint::pytorch
