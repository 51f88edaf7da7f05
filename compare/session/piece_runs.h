#pragma once
#include "core/base/job_context.h"
#include "core/launch/run_request.h"
#include "core/tensor/tensor_dump.h"

#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <vector>

namespace syncpoint {

/// A value to compute from what is fed, and the bytes it takes in one sample.
struct WantedPiece
{
    std::string value;
    std::uint64_t bytes = 0;
};

/// What came of running a model in pieces.
struct PieceResults
{
    std::vector<std::shared_ptr<const TensorDump>> dumps;
    std::map<std::string, std::string> failures; ///< by value: why there is none

    Result<Tensor> read(const std::string &value, std::size_t sample) const;
};

/// Runs `pieces` of `request.model` with `runner`: several at once as memory allows, and in halves
/// when a run fails, so that one op which cannot be run takes no other with it. Files go beside
/// `request.output`; `request.wanted` is not used. Fails only on cancel or when nothing could be
/// run, then with the first run's error.
Result<PieceResults> runInPieces(const std::filesystem::path &runner, const RunRequest &request,
                                 const std::vector<WantedPiece> &pieces, const JobContext &job);

} // namespace syncpoint
