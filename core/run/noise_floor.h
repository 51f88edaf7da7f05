#pragma once
#include "core/base/diagnostic.h"
#include "core/base/job_context.h"
#include "core/run/capture_plan.h"
#include "core/run/model_inputs.h"
#include "core/run/ort_session.h"
#include "core/tensor/tensor_dump.h"

#include <cstddef>
#include <filesystem>
#include <memory>
#include <vector>

namespace syncpoint {

/// What a noise floor is measured on: the model as it is captured, and the values of the batches.
struct NoisePlan
{
    std::shared_ptr<Ort::Env> runtime;
    std::filesystem::path model;
    SessionSettings settings; ///< of the captured run
    std::vector<CaptureBatch> batches;
    std::size_t runs = 1;
};

/// Runs every sample again, `plan.runs` times, each time with another number of threads, which sum
/// in other orders, beside a run with the captured one's, and compares all values. Values that the
/// runtime refuses as outputs are left out, which the capture has told.
Result<NoiseFloor> measureNoise(const NoisePlan &plan, const ModelInputs &inputs,
                                const JobContext &job);

} // namespace syncpoint
