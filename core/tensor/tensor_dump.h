#pragma once
#include "core/base/diagnostic.h"
#include "core/tensor/tensor_store.h"

#include <cstdint>
#include <filesystem>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace syncpoint {

class Graph;

/// Time and place of one op: the median over the profiled runs.
struct NodeProfile
{
    double microseconds = 0.0; ///< 0 without runs: not measured
    std::string provider; ///< execution provider; "" is unknown, never a guess
    std::size_t runs = 0; ///< profiled runs, fewer than the timed ones; 0 is unknown
};

/// Whole-model latency over the timed runs, in microseconds.
struct LatencySummary
{
    double p50 = 0.0, p90 = 0.0, p95 = 0.0, p99 = 0.0, mean = 0.0, stdev = 0.0, min = 0.0,
           max = 0.0;
    std::size_t runs = 0;
};

struct RunProfile
{
    std::map<std::string, NodeProfile> nodes; ///< by op name
    std::optional<LatencySummary> latency;
    std::uint64_t peakMemory =
        0; ///< most memory the process held while timed, in bytes; 0: unknown
};

/// How far the values of further runs with other numbers of threads were from the captured ones.
struct ValueNoise
{
    double maxAbs = 0.0; ///< of all elements of all samples; infinite where one side is NaN
    double mse = 0.0;    ///< mean over them of the squared difference
};
struct NoiseFloor
{
    std::size_t runs = 0; ///< per sample, besides the captured one
    std::map<std::string, ValueNoise> values;
};

/// One run of one model: a store per sample, who made it, and, when the file carries it, the graph.
struct TensorDump
{
    std::filesystem::path path;
    std::string format; ///< "syncpoint-dump", "npz", "npy-folder", "hdf5", …
    std::string producer, created, model, modelSha256, runtime;
    std::vector<std::shared_ptr<const TensorStore>> samples;
    /// Per sample, the model's outputs from a run without taps at the runtime's default
    /// optimization: what users of the model get. Empty when not recorded.
    std::vector<std::shared_ptr<const TensorStore>> plainOutputs;
    std::shared_ptr<const RunProfile> profile; ///< null when not recorded
    std::shared_ptr<const NoiseFloor> noise;   ///< null when not recorded
    std::shared_ptr<const Graph> graph;        ///< null when the dump has none
    Diagnostics diagnostics;                   ///< tensors that could not be used, and why
};

} // namespace syncpoint
