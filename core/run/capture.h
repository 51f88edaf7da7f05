#pragma once
#include "core/base/diagnostic.h"
#include "core/base/job_context.h"
#include "core/formats/hdf5/dump_writer.h"
#include "core/graph/graph.h"
#include "core/run/model_inputs.h"
#include "core/run/ort_session.h"

#include <filesystem>
#include <memory>
#include <string>
#include <vector>

namespace syncpoint {

/// Loads the model with the values `taps` as further outputs. When the runtime refuses that, the
/// taps it refuses are searched for by halving and left out, each with a diagnostic; when it
/// refuses the model itself, that is the error.
Result<std::unique_ptr<OrtSession>> openTapped(const std::shared_ptr<Ort::Env> &runtime,
                                               const std::filesystem::path &model,
                                               const std::vector<std::string> &taps,
                                               const SessionSettings &settings,
                                               Diagnostics &diagnostics);

/// Runs every sample once and writes its inputs and everything the session puts out, tensor by
/// tensor, with op, module and quantization from `graph`. Gives the number of tensors per sample.
Result<std::size_t> captureSamples(OrtSession &session, const ModelInputs &inputs,
                                   const Graph &graph, DumpWriter &writer, const JobContext &job,
                                   Diagnostics &diagnostics);

/// Runs every sample once more and writes what the session puts out as the dump's plain outputs.
/// `session` is the model as it is shipped: no taps, the runtime's default optimization.
Result<void> capturePlainOutputs(OrtSession &session, const ModelInputs &inputs, const Graph &graph,
                                 DumpWriter &writer, const JobContext &job);

} // namespace syncpoint
