#include "ui/pairing/map_edits.h"

#include "ui/models/result_index.h"
#include "ui/session/model_inspection.h"

#include <algorithm>

namespace syncpoint {

namespace {

using Names = std::vector<std::pair<std::string, std::string>>;

bool holds(const Names &names, const NamePair &pair)
{
    return std::find(names.begin(), names.end(), std::pair(pair.baseline, pair.candidate)) !=
           names.end();
}

void remove(Names &names, const NamePair &pair)
{
    std::erase(names, std::pair(pair.baseline, pair.candidate));
}

} // namespace

ValueId pairedValueOf(const ComparisonResult &result, const Selection::Item &item)
{
    const Graph &graph = *sideOf(result, item.side).graph;
    if (item.point.isValid() && item.point.index() < result.alignment.points.size()) {
        const SyncPoint &point = result.alignment.point(item.point);
        const auto &absorbed =
            item.side == Side::Baseline ? point.absorbedReference : point.absorbedCandidate;
        // An op inside a fused region is no member of the pair at the region's exit.
        if (std::find(absorbed.begin(), absorbed.end(), item.node) == absorbed.end()) {
            return item.side == Side::Baseline ? point.reference : point.candidate;
        }
    }
    if (item.value.isValid()) {
        return item.value;
    }
    if (item.node.isValid()) {
        for (const ValueId output : graph.node(item.node).outputs) {
            if (output.isValid()) {
                return output;
            }
        }
    }
    return {};
}

PairingState pairingState(const ComparisonResult &result, const ManualMap &map,
                          const Selection::Item &item)
{
    PairingState state;
    const ValueId own = pairedValueOf(result, item);
    if (!own.isValid() || !hasCandidate(result)) {
        return state;
    }
    const bool isBaseline = item.side == Side::Baseline;
    const std::string name = sideOf(result, item.side).graph->qualifiedName(own);
    (isBaseline ? state.names.baseline : state.names.candidate) = name;
    if (item.point.isValid() && item.point.index() < result.alignment.points.size()) {
        const SyncPoint &point = result.alignment.point(item.point);
        if (own == (isBaseline ? point.reference : point.candidate)) {
            state.names = {result.baseline.graph->qualifiedName(point.reference),
                           result.candidate.graph->qualifiedName(point.candidate)};
        }
    }
    state.isPinned = holds(map.pairs, state.names);
    for (const auto &[baseline, candidate] : map.forbidden) {
        if ((isBaseline ? baseline : candidate) == name) {
            state.forbidden.push_back({baseline, candidate});
        }
    }
    return state;
}

ManualMap withPair(ManualMap map, const NamePair &pair)
{
    std::erase_if(map.pairs, [&pair](const auto &other) {
        return other.first == pair.baseline || other.second == pair.candidate;
    });
    remove(map.forbidden, pair);
    map.pairs.emplace_back(pair.baseline, pair.candidate);
    return map;
}

ManualMap withoutPair(ManualMap map, const NamePair &pair)
{
    remove(map.pairs, pair);
    return map;
}

ManualMap withBan(ManualMap map, const NamePair &pair)
{
    remove(map.pairs, pair);
    if (!holds(map.forbidden, pair)) {
        map.forbidden.emplace_back(pair.baseline, pair.candidate);
    }
    return map;
}

ManualMap withoutBan(ManualMap map, const NamePair &pair)
{
    remove(map.forbidden, pair);
    return map;
}

} // namespace syncpoint
