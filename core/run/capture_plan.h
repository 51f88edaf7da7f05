#pragma once
#include "core/graph/graph.h"

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

namespace syncpoint {

/// Values that are captured in one run of the model per sample.
struct CaptureBatch
{
    std::vector<std::string> taps;
    std::size_t firstSample = 0; ///< earlier ones are done
    bool withPorts = true;       ///< also the model's own inputs and outputs
    bool inSubgraphs = false;    ///< the taps are values of subgraphs, by qualified name
};

/// Cuts `taps` into batches, in their order, so that a run's working memory and the batch's tensors
/// fit into `limit` bytes together, as far as the graph's shapes tell; values of unknown size count
/// as nothing, and the run shows whether they fit. `limit` 0 is one batch.
std::vector<CaptureBatch> planBatches(const Graph &graph, const std::vector<std::string> &taps,
                                      std::uint64_t limit);

/// The batch in two halves; for batches of two taps and more.
std::pair<CaptureBatch, CaptureBatch> halved(const CaptureBatch &batch);

} // namespace syncpoint
