#include "viewers/graph/graph_outline.h"

#include "viewers/graph/context_tree.h"
#include "viewers/graph/leaf_builder.h"

#include <algorithm>
#include <numeric>

namespace syncpoint {
namespace {

/// Splits leaves into groups from the top down.
class TreeBuilder
{
public:
    explicit TreeBuilder(GraphOutline &outline)
        : m_outline(outline), m_contexts(outline), m_unitOfLeaf(outline.leaves.size(), 0),
          m_part(outline.leaves.size(), 0)
    {
    }

    bool run(const JobContext &job)
    {
        m_outline.groups.emplace_back();
        m_outline.groups[0].module = ModuleId{0};
        Work whole{0, 0, std::vector<std::uint32_t>(m_outline.leaves.size()),
                   std::vector<std::uint32_t>(m_outline.links.size())};
        std::iota(whole.leaves.begin(), whole.leaves.end(), 0U);
        std::iota(whole.links.begin(), whole.links.end(), 0U);
        m_work.push_back(std::move(whole));
        while (!m_work.empty()) {
            if (job.isCancelled()) {
                return false;
            }
            const Work work = std::move(m_work.back());
            m_work.pop_back();
            splitGroup(work);
        }
        std::sort(m_outline.groupsOfModule.begin(), m_outline.groupsOfModule.end());
        return true;
    }

private:
    struct Work
    {
        std::uint32_t group = 0, context = 0;
        std::vector<std::uint32_t> leaves, links; ///< links with both ends inside
    };
    /// A child of the group being split: one leaf, or the leaves of one child context.
    struct Unit
    {
        std::uint32_t context = GraphOutline::kNone;
        std::vector<std::uint32_t> leaves;
        bool mayBeCyclic = false;
    };

    /// The child context a leaf belongs to; GraphOutline::kNone when it stands directly in the
    /// group.
    std::uint32_t childOf(std::uint32_t context, std::uint32_t leaf) const
    {
        const std::uint32_t own = m_contexts.ofLeaf(leaf);
        if (own != context) {
            return m_contexts.childTowards(context, own);
        }
        const NodeId node = m_outline.leaves[leaf].node;
        return node.isValid() ? m_contexts.ofBody(node) : GraphOutline::kNone;
    }

    void splitGroup(const Work &work)
    {
        std::vector<Unit> units = makeUnits(work);
        std::vector<std::uint32_t> inner, outer;
        for (const std::uint32_t link : work.links) {
            const auto &ends = m_outline.links[link];
            (m_unitOfLeaf[ends.source] == m_unitOfLeaf[ends.target] ? inner : outer)
                .push_back(link);
        }
        markCycles(units, outer);
        for (std::size_t u = 0; u < units.size(); ++u) {
            const bool isBody = units[u].context != GraphOutline::kNone &&
                                m_contexts[units[u].context].owner.isValid();
            if (units[u].mayBeCyclic && units[u].context != GraphOutline::kNone && !isBody) {
                splitUnit(units, u, inner);
            }
        }
        std::vector<std::vector<std::uint32_t>> linksOfUnit(units.size());
        for (const std::uint32_t link : inner) {
            linksOfUnit[m_unitOfLeaf[m_outline.links[link].source]].push_back(link);
        }
        std::sort(units.begin(), units.end(),
                  [](const Unit &a, const Unit &b) { return a.leaves.front() < b.leaves.front(); });
        m_uses.clear();
        for (Unit &unit : units) {
            const std::uint32_t at = m_unitOfLeaf[unit.leaves.front()];
            place(work, std::move(unit), std::move(linksOfUnit[at]));
        }
    }

    std::vector<Unit> makeUnits(const Work &work)
    {
        std::vector<Unit> units;
        std::unordered_map<std::uint32_t, std::uint32_t> unitOfContext;
        for (const std::uint32_t leaf : work.leaves) {
            const std::uint32_t child = childOf(work.context, leaf);
            auto unit = static_cast<std::uint32_t>(units.size());
            if (child != GraphOutline::kNone) {
                unit = unitOfContext.try_emplace(child, unit).first->second;
            }
            if (unit == units.size()) {
                units.push_back({child, {}, false});
            }
            units[unit].leaves.push_back(leaf);
            m_unitOfLeaf[leaf] = unit;
        }
        return units;
    }

    /// Units on a cycle, or between two: what is left after peeling off sources, then sinks.
    void markCycles(std::vector<Unit> &units, const std::vector<std::uint32_t> &links) const
    {
        std::vector<std::uint8_t> peeled(units.size(), 0);
        for (const bool fromSources : {true, false}) {
            std::vector<std::vector<std::uint32_t>> next(units.size());
            std::vector<std::uint32_t> waitingFor(units.size(), 0);
            for (const std::uint32_t link : links) {
                std::uint32_t from = m_unitOfLeaf[m_outline.links[link].source];
                std::uint32_t to = m_unitOfLeaf[m_outline.links[link].target];
                if (peeled[from] == 0 && peeled[to] == 0) {
                    if (!fromSources) {
                        std::swap(from, to);
                    }
                    next[from].push_back(to);
                    ++waitingFor[to];
                }
            }
            std::vector<std::uint32_t> free;
            for (std::uint32_t u = 0; u < units.size(); ++u) {
                if (peeled[u] == 0 && waitingFor[u] == 0) {
                    free.push_back(u);
                }
            }
            while (!free.empty()) {
                const std::uint32_t u = free.back();
                free.pop_back();
                peeled[u] = 1;
                for (const std::uint32_t other : next[u]) {
                    if (--waitingFor[other] == 0) {
                        free.push_back(other);
                    }
                }
            }
        }
        for (std::uint32_t u = 0; u < units.size(); ++u) {
            units[u].mayBeCyclic = peeled[u] == 0;
        }
    }

    /// Cuts a unit into its connected parts; the first keeps the place.
    void splitUnit(std::vector<Unit> &units, std::size_t u, const std::vector<std::uint32_t> &inner)
    {
        const std::vector<std::uint32_t> leaves = std::move(units[u].leaves);
        units[u].leaves.clear();
        for (const std::uint32_t leaf : leaves) {
            m_part[leaf] = leaf;
        }
        const auto find = [this](std::uint32_t leaf) {
            while (m_part[leaf] != leaf) {
                m_part[leaf] = m_part[m_part[leaf]];
                leaf = m_part[leaf];
            }
            return leaf;
        };
        for (const std::uint32_t link : inner) {
            const auto &ends = m_outline.links[link];
            if (m_unitOfLeaf[ends.source] == u) {
                const std::uint32_t a = find(ends.source);
                const std::uint32_t b = find(ends.target);
                m_part[std::max(a, b)] = std::min(a, b);
            }
        }
        std::unordered_map<std::uint32_t, std::uint32_t> unitOfPart;
        const std::uint32_t context = units[u].context;
        for (const std::uint32_t leaf : leaves) {
            const auto fresh = unitOfPart.empty() ? static_cast<std::uint32_t>(u)
                                                  : static_cast<std::uint32_t>(units.size());
            const auto [at, isNew] = unitOfPart.try_emplace(find(leaf), fresh);
            if (isNew && fresh != u) {
                units.push_back({context, {}, true});
            }
            units[at->second].leaves.push_back(leaf);
        }
        for (const auto &[part, unit] : unitOfPart) {
            for (const std::uint32_t leaf : units[unit].leaves) {
                m_unitOfLeaf[leaf] = unit;
            }
        }
    }

    /// Makes a group of a unit, unless it holds a single op. Modules that only wrap another one
    /// share its group.
    void place(const Work &work, Unit unit, std::vector<std::uint32_t> links)
    {
        const bool isBody =
            unit.context != GraphOutline::kNone && m_contexts[unit.context].owner.isValid();
        if (unit.context == GraphOutline::kNone || (unit.leaves.size() == 1 && !isBody)) {
            m_outline.leaves[unit.leaves.front()].group = work.group;
            m_outline.groups[work.group].leaves.push_back(unit.leaves.front());
            return;
        }
        GraphOutline::Group group;
        group.parent = work.group;
        group.depth = m_outline.groups[work.group].depth + 1;
        group.title = m_contexts.title(unit.context);
        const auto index = static_cast<std::uint32_t>(m_outline.groups.size());
        std::uint32_t context = unit.context;
        if (isBody) {
            const std::uint32_t owner = m_outline.leafOfNode[m_contexts[context].owner.index()];
            if (owner != GraphOutline::kNone) {
                m_outline.leaves[owner].group = work.group;
                m_outline.leaves[owner].body = index;
                group.owner = owner;
                std::erase(unit.leaves, owner);
                std::erase_if(links, [&](std::uint32_t link) {
                    return m_outline.links[link].source == owner ||
                           m_outline.links[link].target == owner;
                });
            }
        } else {
            context = descend(context, unit, index, group.title);
            group.module = m_contexts[context].module;
        }
        const std::uint32_t use = m_uses[unit.context]++;
        if (use > 0) {
            group.title += " #" + std::to_string(use + 1);
        }
        group.opCount = static_cast<std::uint32_t>(
            std::count_if(unit.leaves.begin(), unit.leaves.end(), [this](std::uint32_t leaf) {
                return m_outline.leaves[leaf].node.isValid();
            }));
        group.key = m_outline.groups[work.group].key + '/' + group.title;
        m_outline.groups[work.group].groups.push_back(index);
        m_outline.groups.push_back(std::move(group));
        m_work.push_back({index, context, std::move(unit.leaves), std::move(links)});
    }

    std::uint32_t descend(std::uint32_t context, const Unit &unit, std::uint32_t group,
                          std::string &title)
    {
        for (;;) {
            if (m_contexts[context].module.isValid()) {
                m_outline.groupsOfModule.emplace_back(m_contexts[context].module, group);
            }
            const std::uint32_t child = childOf(context, unit.leaves.front());
            const bool isWrapper =
                child != GraphOutline::kNone && m_contexts[child].module.isValid() &&
                std::all_of(unit.leaves.begin(), unit.leaves.end(),
                            [&](std::uint32_t leaf) { return childOf(context, leaf) == child; });
            if (!isWrapper) {
                return context;
            }
            context = child;
            title += '.' + m_contexts.title(context);
        }
    }

    GraphOutline &m_outline;
    ContextTree m_contexts;
    std::vector<std::uint32_t> m_unitOfLeaf, m_part;         ///< scratch, per leaf
    std::unordered_map<std::uint32_t, std::uint32_t> m_uses; ///< of a context in this group
    std::vector<Work> m_work;
};

} // namespace

std::uint32_t GraphOutline::groupOfModule(ModuleId module) const
{
    const auto at = std::lower_bound(groupsOfModule.begin(), groupsOfModule.end(),
                                     std::pair{module, std::uint32_t{0}});
    return at != groupsOfModule.end() && at->first == module ? at->second : GraphOutline::kNone;
}

Result<std::shared_ptr<const GraphOutline>>
makeOutline(std::shared_ptr<const Graph> graph, bool foldQuantization, const JobContext &job)
{
    auto outline = std::make_shared<GraphOutline>();
    outline->graph = std::move(graph);
    addLeaves(*outline, foldQuantization);
    if (job.isCancelled() || !TreeBuilder(*outline).run(job)) {
        return JobContext::cancelledError();
    }
    return std::shared_ptr<const GraphOutline>(std::move(outline));
}

} // namespace syncpoint
