#include "compare/align/coverage.h"
#include "compare/align/value_classes.h"

#include <algorithm>

namespace syncpoint {

std::size_t OpCoverage::paired() const
{
    return static_cast<std::size_t>(
        std::count_if(matchable.begin(), matchable.end(),
                      [](const MatchableOp &op) { return op.point.isValid(); }));
}

double OpCoverage::ratio() const
{
    return matchable.empty()
               ? 0.0
               : static_cast<double>(paired()) / static_cast<double>(matchable.size());
}

OpCoverage matchableOps(const Graph &graph, const std::vector<ValueOutcome> &outcomes)
{
    OpCoverage result;
    const ValueClasses classes(graph);
    for (std::size_t i = 0; i < graph.nodes().size(); ++i) {
        if (classes.isTransparent(NodeId{i})) {
            continue;
        }
        bool computesData = false;
        bool isAbsorbed = false;
        bool isOneSided = false;
        MatchableOp op{NodeId{i}, {}};
        for (const ValueId output : graph.nodes()[i].outputs) {
            if (!output.isValid()) {
                continue;
            }
            const ValueOutcome &outcome = outcomes[output.index()];
            isOneSided = isOneSided || outcome.status == ValueStatus::OneSided;
            if (outcome.status == ValueStatus::Excluded ||
                outcome.status == ValueStatus::OneSided) {
                continue;
            }
            computesData = true;
            isAbsorbed = isAbsorbed || outcome.status == ValueStatus::Absorbed;
            if (outcome.status == ValueStatus::Paired && !op.point.isValid()) {
                op.point = outcome.point;
            }
        }
        if (op.point.isValid() || (computesData && !isAbsorbed)) {
            result.matchable.push_back(op);
        } else if (isAbsorbed) {
            ++result.absorbed;
        } else if (isOneSided) {
            result.oneSided.push_back(op.node);
        }
    }
    return result;
}

} // namespace syncpoint
