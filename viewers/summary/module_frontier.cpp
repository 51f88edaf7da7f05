#include "viewers/summary/module_frontier.h"

#include <algorithm>
#include <unordered_map>

namespace syncpoint {

namespace {
/// Ops directly in a module vanish from the picture when its children replace it: only few may.
constexpr double kLeastCovered = 0.8;

bool covers(const std::vector<const ModuleScore *> &children, const ModuleScore &parent)
{
    std::size_t points = 0;
    for (const ModuleScore *child : children) {
        points += child->syncPoints;
    }
    return !children.empty() &&
           static_cast<double>(points) >= kLeastCovered * static_cast<double>(parent.syncPoints);
}
} // namespace

std::vector<const ModuleScore *> moduleFrontier(const ComparisonResult &result, std::size_t most)
{
    std::unordered_map<ModuleId, const ModuleScore *> scores;
    for (const ModuleScore &score : result.modules) {
        scores.emplace(score.module, &score);
    }
    const auto childrenOf = [&](ModuleId module) {
        std::vector<const ModuleScore *> children;
        for (const ModuleId child : result.baseline.graph->module(module).children) {
            if (const auto found = scores.find(child); found != scores.end()) {
                children.push_back(found->second);
            }
        }
        return children;
    };

    std::vector<const ModuleScore *> frontier = childrenOf(ModuleId{0});
    std::vector<bool> closed(result.baseline.graph->modules().size(), false);
    while (true) {
        const ModuleScore *widest = nullptr;
        for (const ModuleScore *score : frontier) {
            const bool opens =
                !closed[score->module.index()] &&
                (widest == nullptr || score->introducedShare > widest->introducedShare);
            widest = opens ? score : widest;
        }
        if (widest == nullptr) {
            break;
        }
        const auto children = childrenOf(widest->module);
        closed[widest->module.index()] = true;
        if (!covers(children, *widest) || frontier.size() - 1 + children.size() > most) {
            continue;
        }
        frontier.erase(std::find(frontier.begin(), frontier.end(), widest));
        frontier.insert(frontier.end(), children.begin(), children.end());
    }
    std::stable_sort(frontier.begin(), frontier.end(),
                     [](const ModuleScore *a, const ModuleScore *b) {
                         return a->introducedShare > b->introducedShare;
                     });
    if (frontier.size() > most) {
        frontier.resize(most);
    }
    return frontier;
}

} // namespace syncpoint
