#pragma once
#include "core/base/job_context.h"
#include "core/base/result.h"
#include "core/launch/run_request.h"
#include "core/launch/runner_protocol.h"

#include <string>

namespace syncpoint {

/// Runs the model of `request` in pieces: every value in `request.fed` is taken from the dump
/// `request.inputs.file` where ops read it, and what the pieces make of it – `request.wanted` – is
/// written, sample by sample. Inputs of the model that are not fed come from that dump as well.
/// Values that are the same in every sample need to be in its first sample only.
Result<RunOutcome> runPieces(const RunRequest &request, const std::string &producer,
                             const JobContext &job);

} // namespace syncpoint
