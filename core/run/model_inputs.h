#pragma once
#include "core/base/diagnostic.h"
#include "core/base/job_context.h"
#include "core/launch/run_request.h"
#include "core/run/sample_split.h"

#include <cstdint>
#include <map>
#include <string>
#include <vector>

namespace syncpoint {

/// The inputs of a run, decided once and made sample by sample.
class ModelInputs
{
public:
    /// Finds data for every port: `source.perInput` first, then the file (names matched exactly,
    /// else by a shape and type that only one array has, else by order), then the fallback.
    /// Errors of code BadInput name the file, the input, what was expected and what was there.
    static Result<ModelInputs> plan(const std::vector<ModelPort> &ports, const InputSource &source,
                                    const JobContext &job);

    std::size_t samples() const { return m_samples; }
    const std::vector<ModelPort> &ports() const { return m_ports; }
    const Diagnostics &diagnostics() const { return m_diagnostics; }

    /// The named free extents that have the same value in every sample.
    std::map<std::string, std::int64_t> freeExtents() const;

    /// One tensor per port, of the port's element type.
    Result<std::vector<Tensor>> make(std::size_t sample) const;

private:
    struct Planned
    {
        std::vector<Tensor> given; ///< one per sample, or one for all; empty: made by `fill`
        InputFill fill;
        Shape shape; ///< for `fill`
    };
    friend class InputPlanner;
    ModelInputs() = default;

    std::vector<ModelPort> m_ports;
    std::vector<Planned> m_planned; ///< index = port
    std::uint64_t m_seed = 0;
    std::size_t m_samples = 1;
    Diagnostics m_diagnostics;
};

} // namespace syncpoint
