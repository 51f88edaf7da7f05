#include "viewers/graph/leaf_builder.h"

#include "core/graph/topology.h"

#include <algorithm>

namespace syncpoint {
namespace {

bool isQuantization(const Node &node)
{
    return (node.opType == "QuantizeLinear" || node.opType == "DequantizeLinear") &&
           !node.inputs.empty() && node.inputs.front().isValid() && node.outputs.size() == 1;
}

class LeafBuilder
{
public:
    LeafBuilder(GraphOutline &outline, bool foldQuantization)
        : m_outline(outline), m_graph(*outline.graph), m_fold(foldQuantization),
          m_isConstant(constantValues(m_graph)),
          m_leafOfInput(m_graph.values().size(), GraphOutline::kNone)
    {
        m_outline.leafOfNode.assign(m_graph.nodes().size(), GraphOutline::kNone);
    }

    void run()
    {
        addInputs();
        addOps();
        addFoldedOps();
        for (std::uint32_t leaf = 0, count = size(); leaf < count; ++leaf) {
            if (m_outline.leaves[leaf].node.isValid()) {
                linkInputs(leaf);
            }
        }
        addOutputs();
    }

private:
    std::uint32_t size() const { return static_cast<std::uint32_t>(m_outline.leaves.size()); }
    /// Ops that only prepare weights are part of the op that uses them, like the weights.
    bool isHidden(const Node &node) const
    {
        if (isQuantization(node)) {
            return m_fold;
        }
        return !node.outputs.empty() &&
               std::all_of(node.outputs.begin(), node.outputs.end(),
                           [this](ValueId id) { return id.isValid() && m_isConstant[id.index()]; });
    }
    std::uint32_t addTerminal(GraphOutline::Leaf::Kind kind, ValueId value)
    {
        GraphOutline::Leaf leaf;
        leaf.kind = kind;
        leaf.value = value;
        m_outline.leaves.push_back(std::move(leaf));
        return size() - 1;
    }

    void addInputs()
    {
        for (const Scope &scope : m_graph.scopes()) {
            for (const ValueId input : scope.inputs) {
                if (input.isValid() && !m_graph.value(input).constant) {
                    m_leafOfInput[input.index()] =
                        addTerminal(GraphOutline::Leaf::Kind::Input, input);
                }
            }
        }
    }
    void addOps()
    {
        for (std::size_t i = 0; i < m_graph.nodes().size(); ++i) {
            if (isHidden(m_graph.nodes()[i])) {
                continue;
            }
            m_outline.leafOfNode[i] = size();
            GraphOutline::Leaf leaf;
            leaf.node = NodeId{i};
            m_outline.leaves.push_back(std::move(leaf));
        }
    }
    /// A folded op belongs to the op whose result it stores, or else to the first that reads it.
    void addFoldedOps()
    {
        const auto nodes = m_graph.nodes();
        for (std::size_t i = nodes.size(); i-- > 0;) { // consumers first
            if (m_outline.leafOfNode[i] != GraphOutline::kNone || nodes[i].outputs.empty() ||
                !nodes[i].outputs.front().isValid()) {
                continue;
            }
            std::uint32_t leaf = GraphOutline::kNone;
            if (isQuantization(nodes[i])) {
                const ValueId origin = originOf(nodes[i].inputs.front());
                const NodeId producer = m_graph.value(origin).producer;
                leaf = producer.isValid() ? m_outline.leafOfNode[producer.index()]
                                          : GraphOutline::kNone;
            }
            const auto &consumers = m_graph.value(nodes[i].outputs.front()).consumers;
            if (leaf == GraphOutline::kNone && !consumers.empty()) {
                leaf = m_outline.leafOfNode[consumers.front().index()];
            }
            m_outline.leafOfNode[i] = leaf;
        }
    }
    /// The value before all folded ops. Bounded by the number of ops: a graph has no cycles.
    ValueId originOf(ValueId value) const
    {
        for (std::size_t step = 0; m_fold && step < m_graph.nodes().size(); ++step) {
            const NodeId producer = m_graph.value(value).producer;
            if (!producer.isValid() || !isQuantization(m_graph.node(producer))) {
                break;
            }
            value = m_graph.node(producer).inputs.front();
        }
        return value;
    }
    std::uint32_t sourceLeaf(ValueId origin) const
    {
        const NodeId producer = m_graph.value(origin).producer;
        return producer.isValid() ? m_outline.leafOfNode[producer.index()]
                                  : m_leafOfInput[origin.index()];
    }
    bool isRow(ValueId origin) const
    {
        const NodeId producer = m_graph.value(origin).producer;
        return m_isConstant[origin.index()] &&
               (!producer.isValid() || isHidden(m_graph.node(producer)));
    }
    void link(ValueId input, std::uint32_t target)
    {
        const ValueId origin = originOf(input);
        const std::uint32_t source = isRow(origin) ? GraphOutline::kNone : sourceLeaf(origin);
        if (source != GraphOutline::kNone && source != target) {
            m_outline.links.push_back({source, target, origin});
        }
    }
    void linkInputs(std::uint32_t leaf)
    {
        const Node &node = m_graph.node(m_outline.leaves[leaf].node);
        for (const ValueId input : node.inputs) {
            if (!input.isValid()) {
                continue;
            }
            const ValueId origin = originOf(input);
            if (isRow(origin)) {
                m_outline.leaves[leaf].constants.push_back(origin);
            } else {
                link(input, leaf);
            }
        }
    }
    void addOutputs()
    {
        for (const Scope &scope : m_graph.scopes()) {
            for (const ValueId output : scope.outputs) {
                if (output.isValid()) {
                    link(output, addTerminal(GraphOutline::Leaf::Kind::Output, output));
                }
            }
        }
    }

    GraphOutline &m_outline;
    const Graph &m_graph;
    bool m_fold;
    std::vector<bool> m_isConstant;           ///< per value
    std::vector<std::uint32_t> m_leafOfInput; ///< per value
};

} // namespace

void addLeaves(GraphOutline &outline, bool foldQuantization)
{
    LeafBuilder(outline, foldQuantization).run();
}

} // namespace syncpoint
