#include "viewers/graph/graph_viewer.h"

#include "viewers/graph/graph_pane.h"

namespace syncpoint {

std::unique_ptr<Viewer> makeGraphViewer(const ViewerContext &context)
{
    return std::make_unique<GraphPane>(context);
}

} // namespace syncpoint
