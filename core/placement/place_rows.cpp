#include "core/placement/place_rows.h"

#include <algorithm>
#include <cctype>
#include <unordered_map>

namespace syncpoint {

namespace {
std::string folded(std::string_view name)
{
    std::string out(name);
    std::replace_if(
        out.begin(), out.end(), [](unsigned char c) { return std::isalnum(c) == 0; }, '_');
    return out;
}

/// Ops by everything they are called; a name of several ops finds the first.
class OpNames
{
public:
    explicit OpNames(const Graph &graph)
    {
        for (std::size_t i = 0; i < graph.nodes().size(); ++i) {
            const Node &node = graph.nodes()[i];
            add(node.name, NodeId{i});
        }
        for (std::size_t i = 0; i < graph.nodes().size(); ++i) {
            addOthers(graph, NodeId{i});
        }
    }

    NodeId find(const std::string &name) const
    {
        const auto exact = m_exact.find(name);
        if (exact != m_exact.end()) {
            return exact->second;
        }
        const auto similar = m_folded.find(folded(name));
        return similar == m_folded.end() ? NodeId{} : similar->second;
    }

private:
    void addOthers(const Graph &graph, NodeId id)
    {
        const Node &node = graph.node(id);
        for (const ValueId output : node.outputs) {
            if (output.isValid()) {
                add(graph.qualifiedName(output), id);
                add(graph.value(output).name, id);
            }
        }
        for (const std::string &alias : node.aliases) {
            add(alias, id);
        }
        for (const Origin &origin : node.origins) {
            add(origin.name, id);
        }
    }
    void add(const std::string &name, NodeId id)
    {
        if (!name.empty()) {
            m_exact.emplace(name, id);
            m_folded.emplace(folded(name), id);
        }
    }
    std::unordered_map<std::string, NodeId> m_exact, m_folded;
};

/// What `row` says fills in and replaces; what it does not say stays.
void merge(OpPlacement &into, OpPlacement row)
{
    if (!row.ranOn.empty()) {
        into.ranOn = std::move(row.ranOn);
    }
    if (!row.supportedBy.empty()) {
        into.supportedBy = std::move(row.supportedBy);
    }
    if (!row.reason.empty()) {
        into.reason = std::move(row.reason);
    }
    if (!row.kernel.empty()) {
        into.kernel = std::move(row.kernel);
    }
    if (row.microseconds || row.cost) {
        into.microseconds = row.microseconds ? row.microseconds : into.microseconds;
        into.cost = row.cost ? row.cost : into.cost;
        into.isEstimate = row.isEstimate;
    }
    into.isExcluded = into.isExcluded || row.isExcluded;
}
/// The ops a row speaks of, in execution order.
std::vector<NodeId> opsOf(const OpNames &names, const PlacementRow &row)
{
    std::vector<NodeId> ops;
    const std::vector<std::string> own{row.placement.kernel};
    for (const std::string &name : row.names.empty() ? own : row.names) {
        if (const NodeId id = names.find(name); id.isValid()) {
            ops.push_back(id);
        }
    }
    std::sort(ops.begin(), ops.end());
    ops.erase(std::unique(ops.begin(), ops.end()), ops.end());
    return ops;
}
} // namespace

void placeRows(const Graph &graph, std::span<const PlacementRow> rows, OpPlacements &placements)
{
    const OpNames names(graph);
    for (const PlacementRow &row : rows) {
        auto &ops = placements.kernels[row.placement.kernel];
        if (auto found = opsOf(names, row); !found.empty()) {
            ops = std::move(found);
        }
        if (ops.empty()) {
            placements.unmatched.push_back(row.placement.kernel);
        }
        for (const NodeId id : ops) {
            OpPlacement placement = row.placement;
            if (id != ops.back()) {
                placement.microseconds.reset();
                placement.cost.reset();
            }
            if (placement.kernel == graph.node(id).name) {
                placement.kernel.clear();
            }
            merge(placements.ops[id], std::move(placement));
        }
    }
}

} // namespace syncpoint
