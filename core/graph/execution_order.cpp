#include "core/graph/execution_order.h"

#include <algorithm>
#include <fmt/format.h>
#include <functional>
#include <queue>

namespace syncpoint {

namespace {
struct Edge
{
    NodeId from; ///< must run first; both ends are in one scope
    NodeId to;
};

class Sorter
{
public:
    Sorter(std::span<const Node> nodes, std::span<const Value> values,
           std::span<const Scope> scopes)
        : m_nodes(nodes), m_values(values), m_scopes(scopes)
    {
    }

    Result<std::vector<NodeId>> sort()
    {
        for (std::size_t i = 0; i < m_nodes.size(); ++i) {
            for (const ValueId input : m_nodes[i].inputs) {
                if (!addEdge(input, NodeId{i})) {
                    return foreignValueError(input, NodeId{i});
                }
            }
        }
        for (const Scope &scope : m_scopes) {
            for (const ValueId output : scope.outputs) {
                const bool captured = m_values[output.index()].producer.isValid() &&
                                      &m_scopes[m_values[output.index()].scope.index()] != &scope;
                if (captured && (!scope.owner.isValid() || !addEdge(output, scope.owner))) {
                    return foreignValueError(output, scope.owner);
                }
            }
        }
        if (auto sorted = sortWithinScopes(); !sorted) {
            return sorted.error();
        }
        return bodiesBeforeOwners();
    }

private:
    /// Adds "producer of `used` before `user`", lifted to the scope of the producer. False when
    /// that scope does not enclose the user.
    bool addEdge(ValueId used, NodeId user)
    {
        if (!used.isValid()) {
            return true;
        }
        const Value &value = m_values[used.index()];
        NodeId at = user;
        while (m_nodes[at.index()].scope != value.scope) {
            at = m_scopes[m_nodes[at.index()].scope.index()].owner;
            if (!at.isValid()) {
                return false;
            }
        }
        if (value.producer.isValid()) {
            m_edges.push_back({value.producer, at});
        }
        return true;
    }

    Error foreignValueError(ValueId value, NodeId user) const
    {
        const std::string_view name = m_values[value.index()].name;
        if (!user.isValid()) {
            return {ErrorCode::BadFormat,
                    fmt::format("output '{}' belongs to a body, not to the main graph", name)};
        }
        return {ErrorCode::BadFormat,
                fmt::format("{} uses value '{}' of a body it does not stand in",
                            describeOp(m_nodes[user.index()], m_values), name)};
    }

    /// Kahn's algorithm over all scopes at once (no edge crosses them), taking the op that comes
    /// first in the file whenever there is a choice.
    Result<void> sortWithinScopes()
    {
        std::sort(m_edges.begin(), m_edges.end(),
                  [](const Edge &a, const Edge &b) { return a.from < b.from; });
        std::vector<std::uint32_t> waitingFor(m_nodes.size(), 0);
        std::vector<std::size_t> firstEdge(m_nodes.size() + 1, 0);
        for (const Edge &edge : m_edges) {
            ++waitingFor[edge.to.index()];
            ++firstEdge[edge.from.index() + 1];
        }
        for (std::size_t i = 0; i < m_nodes.size(); ++i) {
            firstEdge[i + 1] += firstEdge[i];
        }
        std::priority_queue<std::size_t, std::vector<std::size_t>, std::greater<>> ready;
        for (std::size_t i = 0; i < m_nodes.size(); ++i) {
            if (waitingFor[i] == 0) {
                ready.push(i);
            }
        }
        m_perScope.resize(m_scopes.size());
        std::size_t sorted = 0;
        for (; !ready.empty(); ++sorted) {
            const std::size_t index = ready.top();
            ready.pop();
            m_perScope[m_nodes[index].scope.index()].emplace_back(index);
            for (std::size_t e = firstEdge[index]; e < firstEdge[index + 1]; ++e) {
                const std::size_t next = m_edges[e].to.index();
                if (--waitingFor[next] == 0) {
                    ready.push(next);
                }
            }
        }
        if (sorted < m_nodes.size()) {
            return cycleError(waitingFor);
        }
        return {};
    }

    /// Every op still waiting has a waiting predecessor, so walking back ends inside a cycle.
    Error cycleError(const std::vector<std::uint32_t> &waitingFor) const
    {
        std::vector<NodeId> predecessor(m_nodes.size());
        for (const Edge &edge : m_edges) {
            if (waitingFor[edge.from.index()] > 0) {
                predecessor[edge.to.index()] = edge.from;
            }
        }
        const auto first = std::find_if(waitingFor.begin(), waitingFor.end(),
                                        [](std::uint32_t count) { return count > 0; });
        NodeId at{static_cast<std::size_t>(first - waitingFor.begin())};
        for (std::size_t step = 0; step < m_nodes.size(); ++step) {
            at = predecessor[at.index()];
        }
        return {ErrorCode::BadFormat, fmt::format("{} needs its own result: the ops form a cycle",
                                                  describeOp(m_nodes[at.index()], m_values))};
    }

    std::vector<NodeId> bodiesBeforeOwners() const
    {
        struct Frame
        {
            const std::vector<NodeId> *ops;
            std::size_t op = 0;
            std::size_t body = 0;
        };
        std::vector<NodeId> order;
        order.reserve(m_nodes.size());
        std::vector<Frame> stack{{&m_perScope.front()}};
        while (!stack.empty()) {
            Frame &frame = stack.back();
            if (frame.op == frame.ops->size()) {
                stack.pop_back();
                continue;
            }
            const NodeId id = (*frame.ops)[frame.op];
            const auto &bodies = m_nodes[id.index()].bodies;
            if (frame.body < bodies.size()) {
                const ScopeId body = bodies[frame.body++];
                stack.push_back({&m_perScope[body.index()]});
                continue;
            }
            order.push_back(id);
            ++frame.op;
            frame.body = 0;
        }
        return order;
    }

    std::span<const Node> m_nodes;
    std::span<const Value> m_values;
    std::span<const Scope> m_scopes;
    std::vector<Edge> m_edges;
    std::vector<std::vector<NodeId>> m_perScope;
};
} // namespace

Result<std::vector<NodeId>> executionOrder(std::span<const Node> nodes,
                                           std::span<const Value> values,
                                           std::span<const Scope> scopes)
{
    return Sorter(nodes, values, scopes).sort();
}

std::string describeOp(const Node &node, std::span<const Value> values)
{
    if (!node.name.empty()) {
        return fmt::format("op '{}'", node.name);
    }
    for (const ValueId output : node.outputs) {
        if (output.isValid()) {
            return fmt::format("op {} → {}", node.opType, values[output.index()].name);
        }
    }
    return fmt::format("an unnamed op {}", node.opType);
}

} // namespace syncpoint
