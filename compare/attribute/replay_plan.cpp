#include "compare/attribute/replay_plan.h"

#include "compare/align/value_classes.h"

#include <algorithm>
#include <unordered_set>

namespace syncpoint {
namespace {

/// Ops looked at per region: where nothing compared comes before, a "region" is the whole model.
constexpr std::size_t kLargestRegion = 256;

class Planner
{
public:
    Planner(const Graph &baseline, const Alignment &alignment,
            const std::function<bool(SyncPointId)> &isCompared)
        : m_graph(baseline), m_alignment(alignment), m_classes(baseline),
          m_regions(alignment.points.size()), m_pointOf(baseline.values().size())
    {
        for (std::size_t i = 0; i < m_regions.size(); ++i) {
            findRoot(SyncPointId{i}, isCompared(SyncPointId{i}));
        }
    }

    std::vector<ReplayRegion> run()
    {
        for (std::size_t i = 0; i < m_regions.size(); ++i) {
            if (m_regions[i].obstacle.empty()) {
                walk(SyncPointId{i}, m_regions[i]);
            }
        }
        return std::move(m_regions);
    }

private:
    void findRoot(SyncPointId id, bool isCompared)
    {
        const SyncPoint &point = m_alignment.point(id);
        ReplayRegion &region = m_regions[id.index()];
        const ValueClass &own = m_classes[m_classes.classOf(point.reference)];
        const auto &fromRoot = m_classes.member(point.reference).fromRoot;
        region.root = own.root();
        if (!isCompared) {
            region.obstacle = "it was not compared";
        } else if (m_graph.value(region.root).scope.index() != 0) {
            region.obstacle = "it lies in the body of a control-flow op";
        } else if (!fromRoot) {
            region.obstacle = "the layout of the compared value is not known";
        } else {
            region.fromRoot = *fromRoot;
            feed(id, region);
        }
    }

    void feed(SyncPointId id, ReplayRegion &region)
    {
        std::unordered_set<std::size_t> seen;
        for (const ValueId member : m_alignment.point(id).referenceClass) {
            const ValueId root = m_classes[m_classes.classOf(member)].root();
            const bool isSame = m_graph.value(root).shape == m_graph.value(region.root).shape &&
                                m_graph.value(root).scope.index() == 0;
            if (isSame && seen.insert(root.index()).second) {
                region.feeds.push_back(root);
                m_pointOf[root.index()] = id;
            }
        }
        if (seen.insert(region.root.index()).second) {
            region.feeds.push_back(region.root);
            m_pointOf[region.root.index()] = id;
        }
    }

    void walk(SyncPointId id, ReplayRegion &region) const
    {
        std::unordered_set<std::size_t> seenValues;
        std::unordered_set<std::size_t> seenOps;
        std::vector<NodeId> pending;
        const auto visitOp = [&](NodeId op) {
            if (op.isValid() && seenOps.insert(op.index()).second) {
                pending.push_back(op);
            }
        };
        const auto visitValue = [&](ValueId value) {
            if (!value.isValid() || !seenValues.insert(value.index()).second) {
                return;
            }
            const SyncPointId point = m_pointOf[value.index()];
            if (point.isValid() && point != id) {
                region.inputs.push_back(point);
            } else if (const auto &constant = m_graph.value(value).constant) {
                if (isFloat(constant->info().dtype)) {
                    region.constants.push_back(value);
                }
            } else {
                visitOp(m_graph.value(value).producer);
            }
        };
        visitOp(m_graph.value(region.root).producer);
        while (!pending.empty() && region.ops.size() <= kLargestRegion) {
            const NodeId op = pending.back();
            pending.pop_back();
            const Node &node = m_graph.node(op);
            if (!m_classes.isTransparent(op) &&
                m_classes[m_classes.classOf(node.outputs.front())].kind == ValueClass::Kind::Data) {
                region.ops.push_back(op);
            }
            std::for_each(node.inputs.begin(), node.inputs.end(), visitValue);
            for (const ScopeId body : node.bodies) {
                const auto &yielded = m_graph.scope(body).outputs;
                std::for_each(yielded.begin(), yielded.end(), visitValue);
            }
        }
        std::sort(region.inputs.begin(), region.inputs.end());
        if (region.ops.size() > kLargestRegion) {
            region.obstacle = "too many ops lie between it and what was compared before";
        }
    }

    const Graph &m_graph;
    const Alignment &m_alignment;
    ValueClasses m_classes;
    std::vector<ReplayRegion> m_regions;
    std::vector<SyncPointId> m_pointOf; ///< by value: the point it is fed from
};

} // namespace

std::vector<ReplayRegion> planReplay(const Graph &baseline, const Alignment &alignment,
                                     const std::function<bool(SyncPointId)> &isCompared)
{
    return Planner(baseline, alignment, isCompared).run();
}

} // namespace syncpoint
