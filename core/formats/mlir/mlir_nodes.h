#pragma once
#include "core/formats/mlir/mlir_locations.h"
#include "core/graph/graph_builder.h"

#include <cstddef>
#include <string>
#include <vector>

namespace syncpoint {

/// Adds ops to the graph and says where they come from.
class MlirNodes
{
public:
    explicit MlirNodes(GraphBuilder &builder) : m_builder(builder) {}

    NodeId add(std::string opType, ScopeId scope);
    /// Source frames, names and module; left out once all ops together have too many.
    void setSource(NodeId id, MlirLocation location);
    /// Gives ops that have no module the one of their neighbours, at the end.
    void inferRemainingModules();

private:
    GraphBuilder &m_builder;
    std::vector<bool> m_moduleIsKnown; ///< per op of the builder
    std::size_t m_sourceBytes = 0;
};

} // namespace syncpoint
