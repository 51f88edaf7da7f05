#pragma once
#include "core/base/diagnostic.h"
#include "core/base/job_context.h"
#include "core/run/model_inputs.h"
#include "core/run/ort_session.h"
#include "core/tensor/tensor_dump.h"

#include <cstddef>
#include <filesystem>
#include <memory>

namespace syncpoint {

/// Runs the model as users would, without taps: `warmup` runs that do not count, `repeat` timed
/// ones, then a few more with the runtime's profiler on for the time and provider of each op (it
/// slows the run, so the two are not mixed). Uses the first sample. `traceStart` is where the
/// profiler may write; its file is removed.
Result<RunProfile> measure(const std::shared_ptr<Ort::Env> &runtime,
                           const std::filesystem::path &model, const SessionSettings &settings,
                           const ModelInputs &inputs, std::size_t warmup, std::size_t repeat,
                           const std::filesystem::path &traceStart, const JobContext &job,
                           Diagnostics &diagnostics);

} // namespace syncpoint
