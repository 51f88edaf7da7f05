#pragma once
#include "core/base/result.h"
#include "core/tensor/tensor_dump.h"

#include <filesystem>
#include <memory>
#include <string>

namespace syncpoint {

/// Facts about the run, written as attributes of the file.
struct DumpHeader
{
    std::string producer, model, modelSha256, runtime;
};

/// Writes a Syncpoint dump (docs/dump-format.md) tensor by tensor to a temporary name; finish()
/// renames it. Destroyed before that, nothing is left. Not thread-safe.
class DumpWriter
{
public:
    struct Options
    {
        int gzip = 0; ///< 0 contiguous and uncompressed, so that readers can map it; 1–9 gzip
        /// Leaves out what a reader infers or knows from the model: names, ops, modules.
        bool terse = false;
    };
    static Result<std::unique_ptr<DumpWriter>> create(const std::filesystem::path &path,
                                                      const DumpHeader &header, Options options);
    virtual ~DumpWriter() = default;

    /// `entry.info` must describe `tensor`; samples count from 0 and may come in any order.
    virtual Result<void> write(std::size_t sample, const TensorEntry &entry,
                               const Tensor &tensor) = 0;
    /// A model output of a run without taps, kept apart from the captured tensors.
    virtual Result<void> writePlainOutput(std::size_t sample, const TensorEntry &entry,
                                          const Tensor &tensor) = 0;
    virtual Result<void> writeProfile(const RunProfile &profile) = 0;
    virtual Result<void> writeNoise(const NoiseFloor &noise) = 0;
    /// Stores ops, modules and source frames, so that the dump stands alone.
    virtual Result<void> writeGraph(const Graph &graph) = 0;
    /// Makes all that was written so far readable, marked as partial, under the temporary name: it
    /// stays when this process is killed.
    virtual Result<void> checkpoint() = 0;
    /// Says in the file that the run ended early, and why: one sentence.
    virtual void markPartial(const std::string &reason) = 0;
    virtual Result<void> finish() = 0;

protected:
    DumpWriter() = default;
};

} // namespace syncpoint
