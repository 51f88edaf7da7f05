#include "ui/models/result_index.h"

#include <algorithm>

namespace syncpoint {

namespace {

void claim(std::vector<SyncPointId> &owners, NodeId node, SyncPointId point)
{
    if (node.isValid() && node.index() < owners.size() && !owners[node.index()].isValid()) {
        owners[node.index()] = point;
    }
}

// Views (Cast, Reshape, Q/DQ) make members of a class without being the op that computes it.
void claimByOutputs(std::vector<SyncPointId> &owners, const Graph &graph,
                    const std::vector<ValueOutcome> &outcomes)
{
    for (std::size_t i = 0; i < owners.size(); ++i) {
        const NodeId node{i};
        for (const ValueId output : graph.node(node).outputs) {
            if (output.isValid() && output.index() < outcomes.size()) {
                claim(owners, node, outcomes[output.index()].point);
            }
        }
    }
}

} // namespace

ResultIndex::ResultIndex(const ComparisonResult &result)
    : m_baseline(result.baseline.graph->nodes().size()),
      m_candidate(result.candidate.graph->nodes().size())
{
    const auto &points = result.alignment.points;
    for (std::size_t i = 0; i < points.size(); ++i) {
        claim(m_baseline, points[i].referenceNode, SyncPointId{i});
        claim(m_candidate, points[i].candidateNode, SyncPointId{i});
        m_totalIntroduced += result.points[i].attribution.introducedOrDelta();
    }
    for (std::size_t i = 0; i < points.size(); ++i) {
        for (const NodeId node : points[i].absorbedReference) {
            claim(m_baseline, node, SyncPointId{i});
        }
        for (const NodeId node : points[i].absorbedCandidate) {
            claim(m_candidate, node, SyncPointId{i});
        }
    }
    claimByOutputs(m_baseline, *result.baseline.graph, result.alignment.reference);
    claimByOutputs(m_candidate, *result.candidate.graph, result.alignment.candidate);
}

SyncPointId ResultIndex::point(Side side, NodeId node) const
{
    const auto &owners = side == Side::Baseline ? m_baseline : m_candidate;
    return node.isValid() && node.index() < owners.size() ? owners[node.index()] : SyncPointId{};
}

const ComparedSide &sideOf(const ComparisonResult &result, Side side)
{
    return side == Side::Baseline ? result.baseline : result.candidate;
}

Selection::Item itemForPoint(const ComparisonResult &result, SyncPointId point)
{
    const SyncPoint &sync = result.alignment.point(point);
    Selection::Item item;
    item.side = Side::Baseline;
    item.node = sync.referenceNode;
    item.value = sync.reference;
    item.point = point;
    return item;
}

Selection::Item itemForNode(const ComparisonResult &result, const ResultIndex &index, Side side,
                            NodeId node)
{
    Selection::Item item;
    item.side = side;
    item.node = node;
    item.point = index.point(side, node);
    const Node &op = sideOf(result, side).graph->node(node);
    const auto output = std::find_if(op.outputs.begin(), op.outputs.end(),
                                     [](ValueId value) { return value.isValid(); });
    item.value = output == op.outputs.end() ? ValueId{} : *output;
    return item;
}

NodeId nodeOnSide(const ComparisonResult &result, const Selection::Item &item, Side side)
{
    if (item.side == side && item.node.isValid()) {
        return item.node;
    }
    if (!item.point.isValid()) {
        return {};
    }
    const SyncPoint &point = result.alignment.point(item.point);
    return side == Side::Baseline ? point.referenceNode : point.candidateNode;
}

} // namespace syncpoint
