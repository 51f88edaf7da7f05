#pragma once
#include "core/base/result.h"
#include "core/tensor/summary_store.h"

#include <filesystem>
#include <string>
#include <vector>

namespace syncpoint::msprobe {

/// One tensor of a call.
struct ApiTensor
{
    TensorEntry entry;
    std::string file; ///< in the folder of tensor data; "" when only the summary was kept
    std::optional<TensorSummary> summary; ///< set when there is no file
    /// Type, shape and statistics: equal for a tensor and itself somewhere else.
    std::string fingerprint;
};

/// A call of a module or function, or the gradients of a module's parameters as outputs: they came
/// with the call before.
struct ApiCall
{
    std::string name;
    std::vector<ApiTensor> inputs, outputs, parameters;
};

struct StepDump
{
    std::string framework, task;
    std::vector<ApiCall> calls; ///< in the order of the file, which is that of the run
};

/// Reads a dump.json. Fails when it is none; what is damaged in it is left out.
Result<StepDump> readStepDump(const std::filesystem::path &file);

} // namespace syncpoint::msprobe
