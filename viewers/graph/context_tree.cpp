#include "viewers/graph/context_tree.h"

#include <algorithm>

namespace syncpoint {

ContextTree::ContextTree(const GraphOutline &outline) : m_graph(*outline.graph)
{
    m_contexts.push_back({0, ModuleId{0}, {}, ScopeId{0}, 0, 0, {}});
    m_ofScope[ScopeId{0}] = 0;
    // A scope's index is larger than its parent's, so the way up is always known.
    for (std::size_t s = 1; s < m_graph.scopes().size(); ++s) {
        const Scope &scope = m_graph.scopes()[s];
        if (!scope.owner.isValid()) {
            m_ofScope[ScopeId{s}] = 0;
            continue;
        }
        const auto [body, isNew] = m_ofBody.try_emplace(scope.owner, 0);
        if (isNew) {
            const Node &owner = m_graph.node(scope.owner);
            const std::uint32_t parent = find(owner.scope, owner.module);
            m_ofBody[scope.owner] = add(parent, {parent, {}, scope.owner, {}, 0, 0, {}});
        }
        const std::uint32_t parent = m_ofBody[scope.owner];
        m_ofScope[ScopeId{s}] = add(parent, {parent, {}, {}, ScopeId{s}, 0, 0, {}});
    }
    for (const GraphOutline::Leaf &leaf : outline.leaves) {
        if (leaf.node.isValid()) {
            const Node &node = m_graph.node(leaf.node);
            m_ofLeaf.push_back(find(node.scope, node.module));
        } else {
            const auto scope = m_ofScope.find(m_graph.value(leaf.value).scope);
            m_ofLeaf.push_back(scope == m_ofScope.end() ? 0 : scope->second);
        }
    }
    number();
}

std::uint32_t ContextTree::ofBody(NodeId owner) const
{
    const auto at = m_ofBody.find(owner);
    return at == m_ofBody.end() ? GraphOutline::kNone : at->second;
}

std::uint32_t ContextTree::add(std::uint32_t parent, const Context &context)
{
    const auto index = static_cast<std::uint32_t>(m_contexts.size());
    m_contexts.push_back(context);
    m_contexts[parent].children.push_back(index);
    return index;
}

bool ContextTree::isBelow(ModuleId module, ModuleId ancestor) const
{
    while (module.isValid() && module != ancestor) {
        module = m_graph.module(module).parent;
    }
    return module.isValid();
}

/// Modules inside a subgraph are only shown when they lie below the module of its owner.
std::uint32_t ContextTree::find(ScopeId scope, ModuleId module)
{
    const auto scopeContext = m_ofScope.find(scope);
    if (scopeContext == m_ofScope.end()) {
        return 0;
    }
    const NodeId owner = m_graph.scope(scope).owner;
    const ModuleId top = owner.isValid() ? m_graph.node(owner).module : ModuleId{0};
    if (!module.isValid() || !isBelow(module, top)) {
        return scopeContext->second;
    }
    std::vector<ModuleId> missing;
    std::uint32_t context = scopeContext->second;
    for (; module != top; module = m_graph.module(module).parent) {
        const auto known = m_ofModule.find((std::uint64_t{scope.index()} << 32U) | module.index());
        if (known != m_ofModule.end()) {
            context = known->second;
            break;
        }
        missing.push_back(module);
    }
    for (auto it = missing.rbegin(); it != missing.rend(); ++it) {
        context = add(context, {context, *it, {}, {}, 0, 0, {}});
        m_ofModule[(std::uint64_t{scope.index()} << 32U) | it->index()] = context;
    }
    return context;
}

void ContextTree::number()
{
    std::uint32_t next = 0;
    std::vector<std::pair<std::uint32_t, std::size_t>> stack{{0, 0}};
    m_contexts[0].first = next++;
    while (!stack.empty()) {
        auto &[context, child] = stack.back();
        if (child < m_contexts[context].children.size()) {
            const std::uint32_t below = m_contexts[context].children[child++];
            m_contexts[below].first = next++;
            stack.emplace_back(below, 0);
        } else {
            m_contexts[context].last = next - 1;
            stack.pop_back();
        }
    }
}

std::uint32_t ContextTree::childTowards(std::uint32_t ancestor, std::uint32_t context) const
{
    const auto &children = m_contexts[ancestor].children;
    const std::uint32_t number = m_contexts[context].first;
    const auto after = std::upper_bound(
        children.begin(), children.end(), number,
        [this](std::uint32_t n, std::uint32_t child) { return n < m_contexts[child].first; });
    return *(after - 1);
}

std::string ContextTree::title(std::uint32_t context) const
{
    const Context &c = m_contexts[context];
    if (c.module.isValid()) {
        return m_graph.module(c.module).name;
    }
    return c.owner.isValid() ? m_graph.displayName(c.owner) : m_graph.scope(c.scope).name;
}

} // namespace syncpoint
