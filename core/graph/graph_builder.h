#pragma once
#include "core/graph/graph.h"

#include <memory>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace syncpoint {

/// The only mutable form of a graph. Loaders fill it in any order of ops; build() sorts them
/// topologically, links producers and consumers and validates. Sorting renumbers ops, so the
/// NodeIds handed out here end with build(); the ids of values, scopes and modules stay. Tests use
/// it to make graphs in place.
class GraphBuilder
{
public:
    explicit GraphBuilder(ModelInfo info = {});

    ScopeId mainScope() const { return ScopeId{0}; }
    /// The body of `owner`; `name` is the attribute it comes from.
    ScopeId addScope(NodeId owner, std::string name);

    /// The value of that name in `scope`, or one captured from an enclosing scope, or a new one in
    /// `scope`. An empty name gives an invalid id (an absent optional input).
    ValueId value(ScopeId scope, std::string_view name);
    /// The value of exactly this scope, made when missing: for outputs, inputs and initializers,
    /// which shadow an outer value of the same name.
    ValueId localValue(ScopeId scope, std::string_view name);
    /// The value of exactly this scope, if there is one.
    std::optional<ValueId> findLocalValue(ScopeId scope, std::string_view name) const;
    Value &edit(ValueId id) { return m_values[id.index()]; }
    Node &edit(NodeId id) { return m_nodes[id.index()]; }

    /// Invalid ids are ignored.
    void addInput(ScopeId scope, ValueId value);
    void addOutput(ScopeId scope, ValueId value);
    /// For an initializer, or the output of an op that is a constant.
    void setConstant(ValueId value, Tensor data);
    /// For an initializer whose data cannot be had; what is known of it is still shown.
    void setConstantWithoutData(ValueId value, DType dtype, Shape shape);

    /// Adds an op whose inputs and outputs are in `node`. Its module defaults to the root.
    NodeId addNode(Node node);
    /// Shorthand for tests: values are made by name in the main scope.
    NodeId addNode(std::string name, std::string opType, std::vector<std::string> inputs,
                   std::vector<std::string> outputs);

    /// The module of this dotted path, made with its parents when missing; "" is the root.
    /// Empty components are skipped; from the 64th on they stay together in one name.
    ModuleId module(std::string_view dottedPath, std::string_view className = {});

    /// What has been added so far, for loaders that refine values at the end.
    std::span<const Node> nodes() const { return m_nodes; }
    std::span<const Value> values() const { return m_values; }
    std::span<const Scope> scopes() const { return m_scopes; }
    std::span<const Module> modules() const { return m_modules; }

    void addDiagnostic(Diagnostic diagnostic);
    ModelInfo &info() { return m_info; }

    /// Fails when a value has two producers, or ops form a cycle; the message names the op.
    /// Values nobody produces become diagnostics, not errors. An input made before the enclosing
    /// scope had a value of that name is linked to it now. Leaves the builder empty.
    Result<std::shared_ptr<const Graph>> build();

private:
    void captureOuterValues();
    Result<void> linkProducers();
    void applyOrder(const std::vector<NodeId> &order);
    void linkConsumers();
    void reportMissingValues();

    ModelInfo m_info;
    std::vector<Node> m_nodes;
    std::vector<Value> m_values;
    std::vector<Scope> m_scopes;
    std::vector<std::unordered_map<std::string, ValueId>> m_names; ///< per scope
    std::vector<Module> m_modules;
    std::unordered_map<std::string, ModuleId> m_modulesByPath;
    Diagnostics m_diagnostics;
};

} // namespace syncpoint
