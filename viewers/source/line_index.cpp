#include "viewers/source/line_index.h"

#include "ui/models/result_index.h"

#include <algorithm>

namespace syncpoint {

const SourceFrame *birthFrame(const Node &node)
{
    const auto found = std::find_if(node.source.begin(), node.source.end(), isUserFrame);
    return found == node.source.end() ? nullptr : &*found;
}

LineIndex::LineIndex(const ComparisonResult &result, const ResultIndex &index)
{
    const Graph &graph = *result.baseline.graph;
    const auto introduced = [&](NodeId node) {
        const SyncPointId point = index.point(Side::Baseline, node);
        return point.isValid() ? result.point(point).attribution.introducedOrDelta() : 0.0;
    };
    for (std::size_t i = 0; i < graph.nodes().size(); ++i) {
        const SourceFrame *frame = birthFrame(graph.nodes()[i]);
        if (frame == nullptr || frame->line == 0) {
            continue;
        }
        const NodeId node{i};
        LineHeat &heat = m_files[frame->file][frame->line];
        heat.ops.push_back(node);
        const SyncPointId point = index.point(Side::Baseline, node);
        const bool isCompared =
            point.isValid() && result.point(point).status == PointStatus::Compared;
        if (isCompared && (!heat.worst.isValid() || introduced(node) > heat.introduced)) {
            heat.introduced = introduced(node);
            heat.worst = point;
        }
        m_highest = std::max(m_highest, heat.introduced);
    }
    for (auto &[file, lines] : m_files) {
        for (auto &[line, heat] : lines) {
            std::stable_sort(heat.ops.begin(), heat.ops.end(),
                             [&](NodeId a, NodeId b) { return introduced(a) > introduced(b); });
        }
    }
}

const std::map<std::uint32_t, LineHeat> &LineIndex::lines(const std::string &framePath) const
{
    static const std::map<std::uint32_t, LineHeat> kNone;
    const auto found = m_files.find(framePath);
    return found == m_files.end() ? kNone : found->second;
}

} // namespace syncpoint
