#pragma once
#include "core/graph/ids.h"

#include <map>
#include <optional>
#include <string>
#include <vector>

namespace syncpoint {

/// Where an op ran or would run, as a tool reported it.
struct OpPlacement
{
    std::string ranOn;                    ///< "CPUExecutionProvider", "gpu"; "" is unknown
    std::vector<std::string> supportedBy; ///< units that could run it
    bool isExcluded = false; ///< not tried on other units because the configuration says so
    std::string reason;      ///< why it runs there, "" when the tool does not say
    std::optional<double> microseconds; ///< of the op, or of the whole kernel at its last op
    std::optional<double> cost;         ///< share of the whole model's, 0 to 1
    bool isEstimate = false;            ///< time and cost are the tool's estimates
    std::string kernel;                 ///< what the report calls it, when it is not the op's name
};

/// What reports say of the ops of one graph.
struct OpPlacements
{
    std::map<NodeId, OpPlacement> ops;
    std::map<std::string, std::vector<NodeId>> kernels; ///< ops by the row's own name
    std::vector<std::string> unmatched;                 ///< rows that name no op of the graph
};

} // namespace syncpoint
