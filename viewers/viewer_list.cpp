#include "viewers/viewer_list.h"

#include "viewers/alerts/alerts_viewer.h"
#include "viewers/graph/graph_viewer.h"
#include "viewers/hierarchy/hierarchy_viewer.h"
#include "viewers/inspector/inspector_viewer.h"
#include "viewers/source/source_viewer.h"
#include "viewers/summary/summary_viewer.h"
#include "viewers/sweep/sweep_viewer.h"
#include "viewers/sync_points/sync_points_viewer.h"
#include "viewers/tensor/tensor_viewer.h"

namespace syncpoint {

std::vector<std::unique_ptr<Viewer>> makeViewers(const ViewerContext &context)
{
    std::vector<std::unique_ptr<Viewer>> viewers;
    viewers.push_back(makeHierarchyViewer(context));
    viewers.push_back(makeSyncPointsViewer(context));
    viewers.push_back(makeAlertsViewer(context));
    viewers.push_back(makeGraphViewer(context));
    viewers.push_back(makeTensorViewer(context));
    viewers.push_back(makeSummaryViewer(context));
    viewers.push_back(makeSweepViewer(context));
    viewers.push_back(makeInspectorViewer(context));
    viewers.push_back(makeSourceViewer(context));
    return viewers;
}

} // namespace syncpoint
