#pragma once
#include "viewers/graph/graph_outline.h"

#include <span>
#include <unordered_map>

namespace syncpoint {

/// The modules and subgraphs of a model as the file has them, each once. Context 0 is the model.
class ContextTree
{
public:
    struct Context
    {
        std::uint32_t parent = 0;
        ModuleId module;                   ///< of a module
        NodeId owner;                      ///< of a control-flow op's content
        ScopeId scope;                     ///< of one subgraph
        std::uint32_t first = 0, last = 0; ///< depth-first numbers of it and all below
        std::vector<std::uint32_t> children;
    };

    explicit ContextTree(const GraphOutline &outline);

    const Context &operator[](std::uint32_t context) const { return m_contexts[context]; }
    std::uint32_t ofLeaf(std::uint32_t leaf) const { return m_ofLeaf[leaf]; }
    /// Where an op's subgraphs go; kNone when it has none.
    std::uint32_t ofBody(NodeId owner) const;
    /// The child of `ancestor` on the way to `context`, which must lie below it.
    std::uint32_t childTowards(std::uint32_t ancestor, std::uint32_t context) const;
    std::string title(std::uint32_t context) const;

private:
    std::uint32_t find(ScopeId scope, ModuleId module);
    std::uint32_t add(std::uint32_t parent, const Context &context);
    bool isBelow(ModuleId module, ModuleId ancestor) const;
    void number();

    const Graph &m_graph;
    std::vector<Context> m_contexts;
    std::vector<std::uint32_t> m_ofLeaf;
    std::unordered_map<std::uint64_t, std::uint32_t> m_ofModule; ///< (scope, module)
    std::unordered_map<NodeId, std::uint32_t> m_ofBody;
    std::unordered_map<ScopeId, std::uint32_t> m_ofScope;
};

} // namespace syncpoint
