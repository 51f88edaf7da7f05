#pragma once
#include "core/base/diagnostic.h"
#include "core/base/job_context.h"
#include "core/base/result.h"

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <variant>

namespace syncpoint {

/// What a finished run reports besides its dump.
struct RunOutcome
{
    std::string runtime; ///< "onnxruntime 1.30.0 CPU"
    std::size_t samples = 0;
    std::size_t tensors = 0;      ///< captured per sample
    std::uint64_t peakMemory = 0; ///< most memory the runner's process held, in bytes; 0: unknown
    /// File name, beside the dump, of the model as the runtime rewrote it; "" when it ran as given.
    std::string optimizedModel;
    Diagnostics diagnostics;
};

/// One line that syncpoint-runner writes to standard output (docs/runner-protocol.md).
using RunnerMessage = std::variant<JobContext::Snapshot, RunOutcome, Error>;

/// The message as one line of JSON, without the line break.
std::string toLine(const RunnerMessage &message);

/// Fails when the line is not a message of the protocol; members it does not know are skipped, so
/// that a newer runner can say more.
Result<RunnerMessage> runnerMessageFromLine(std::string_view line);

} // namespace syncpoint
