#pragma once
#include "core/base/diagnostic.h"
#include "core/base/job_context.h"
#include "core/graph/graph.h"
#include "core/launch/run_request.h"
#include "core/run/input_data.h"
#include "core/run/sample_split.h"

#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <vector>

namespace syncpoint {

/// `ports` with what the runtime does not tell of them and the graph does: whether one without
/// extents is a scalar or of unknown rank.
std::vector<ModelPort> completed(std::vector<ModelPort> ports, const Graph &graph);

/// The inputs of a run, decided once and made sample by sample.
class ModelInputs
{
public:
    /// Finds data for every port: `source.perInput` first, then the file (names matched exactly,
    /// else by a shape and type that only one array has, else by order; pictures and sound go to
    /// the only input that takes them), then the fallback. Errors of code BadInput name the file,
    /// the input, what was expected and what was there.
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
    friend class InputPlanner;
    ModelInputs() = default;

    std::vector<ModelPort> m_ports;
    std::vector<std::shared_ptr<const InputData>> m_data; ///< index = port
    std::size_t m_samples = 1;
    Diagnostics m_diagnostics;
};

} // namespace syncpoint
