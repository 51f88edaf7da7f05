#include "core/run/subgraph_values.h"
#include "core/graph/topology.h"

#include <fmt/format.h>
#include <regex>

namespace syncpoint {

namespace {
bool isLoop(const Node &node)
{
    return node.opType == "Loop" || node.opType == "Scan";
}

/// Whether the op around the scope is itself inside a loop.
bool isControlFlowInLoop(const Graph &graph, ScopeId scope)
{
    const NodeId owner = graph.scope(scope).owner;
    ScopeId around = graph.node(owner).scope;
    while (graph.scope(around).owner.isValid() && !isLoop(graph.node(graph.scope(around).owner))) {
        around = graph.scope(around).parent;
    }
    return graph.scope(around).owner.isValid();
}
} // namespace

NodeId enclosingLoop(const Graph &graph, ValueId value)
{
    for (ScopeId scope = graph.value(value).scope; graph.scope(scope).owner.isValid();
         scope = graph.scope(scope).parent) {
        if (isLoop(graph.node(graph.scope(scope).owner))) {
            return graph.scope(scope).owner;
        }
    }
    return {};
}

Result<SubgraphValues> subgraphValues(const Graph &graph, const std::string &only)
{
    SubgraphValues result;
    std::size_t nested = 0;
    try {
        const std::regex filter(only, std::regex::ECMAScript | std::regex::optimize);
        const auto constant = constantValues(graph);
        for (std::size_t i = 0; i < graph.values().size(); ++i) {
            const Value &value = graph.values()[i];
            if (value.scope.index() == 0 || !value.producer.isValid() || constant[i]) {
                continue;
            }
            const std::string name = graph.qualifiedName(ValueId{i});
            if (!only.empty() && !std::regex_search(name, filter)) {
                continue;
            }
            if (isControlFlowInLoop(graph, value.scope)) {
                ++nested;
            } else if (value.dtype != DType::Undefined) {
                result.names.push_back(name);
            }
        }
    } catch (const std::regex_error &) {
        return Error{ErrorCode::BadInput,
                     fmt::format("'{}' is not a valid regular expression", only)};
    }
    if (nested > 0) {
        result.diagnostics.push_back(
            {Diagnostic::Severity::Warning, graph.info().path,
             fmt::format("{} values are not captured: they are in an If or a loop inside a loop",
                         nested)});
    }
    return result;
}

} // namespace syncpoint
