#pragma once
#include "core/base/job_context.h"
#include "core/base/result.h"
#include "core/launch/run_request.h"
#include "core/launch/runner_protocol.h"

#include <string>

namespace syncpoint {

/// Runs a model as `request` says, in this process, and writes the dump. `producer` goes into the
/// dump ("syncpoint-runner 0.1.0"). When the runtime is to rewrite the model (`optimize`), its
/// version is written to `<output>.onnx`, and that model is captured, with further rewriting off;
/// the dump then names it. On failure no file is left, unless `keepPartial`
/// asks for what was captured until then; the error is returned all the same.
Result<RunOutcome> runModel(const RunRequest &request, const std::string &producer,
                            const JobContext &job);

} // namespace syncpoint
