#include "core/graph/graph_builder.h"

#include "core/graph/execution_order.h"

#include <fmt/format.h>

namespace syncpoint {

namespace {
// A hostile path may not cost quadratic memory.
constexpr std::size_t kDeepestModule = 64;
constexpr std::size_t kLongestScopePath = 1024; // it stands before the name of every value inside

std::string scopePath(ScopeId scope, const Scope &parent, const Node &owner, NodeId id,
                      std::string_view name)
{
    const std::string op =
        owner.name.empty() ? fmt::format("{}_{}", owner.opType, id.index()) : owner.name;
    std::string path = parent.path.empty() ? fmt::format("{}/{}", op, name)
                                           : fmt::format("{}/{}/{}", parent.path, op, name);
    return path.size() <= kLongestScopePath ? std::move(path)
                                            : fmt::format("scope_{}", scope.index());
}
} // namespace

GraphBuilder::GraphBuilder(ModelInfo info) : m_info(std::move(info))
{
    m_scopes.emplace_back();
    m_names.emplace_back();
    m_modules.emplace_back();
}

ScopeId GraphBuilder::addScope(NodeId owner, std::string name)
{
    const ScopeId id{m_scopes.size()};
    Node &op = m_nodes[owner.index()];
    Scope scope;
    scope.parent = op.scope;
    scope.owner = owner;
    scope.path = scopePath(id, m_scopes[op.scope.index()], op, owner, name);
    scope.name = std::move(name);
    op.bodies.push_back(id);
    m_scopes.push_back(std::move(scope));
    m_names.emplace_back();
    return id;
}

ValueId GraphBuilder::value(ScopeId scope, std::string_view name)
{
    if (name.empty()) {
        return {};
    }
    const std::string key(name);
    for (ScopeId at = scope; at.isValid(); at = m_scopes[at.index()].parent) {
        const auto &names = m_names[at.index()];
        if (const auto found = names.find(key); found != names.end()) {
            return found->second;
        }
    }
    return localValue(scope, name);
}

ValueId GraphBuilder::localValue(ScopeId scope, std::string_view name)
{
    if (name.empty()) {
        return {};
    }
    const auto [entry, isNew] =
        m_names[scope.index()].try_emplace(std::string(name), ValueId{m_values.size()});
    if (isNew) {
        Value value;
        value.name = entry->first;
        value.scope = scope;
        m_values.push_back(std::move(value));
    }
    return entry->second;
}

void GraphBuilder::addInput(ScopeId scope, ValueId value)
{
    if (!value.isValid()) {
        return;
    }
    m_scopes[scope.index()].inputs.push_back(value);
    m_values[value.index()].isInput = true;
}

void GraphBuilder::addOutput(ScopeId scope, ValueId value)
{
    if (!value.isValid()) {
        return;
    }
    m_scopes[scope.index()].outputs.push_back(value);
    Value &output = m_values[value.index()];
    output.isOutput = output.isOutput || output.scope == scope;
}

void GraphBuilder::setConstant(ValueId value, Tensor data)
{
    Value &target = m_values[value.index()];
    target.dtype = data.info().dtype;
    target.shape = data.info().shape;
    if (data.info().quantization) {
        target.quantization = data.info().quantization;
    }
    target.constant = std::move(data);
    target.isConstant = true;
}

void GraphBuilder::setConstantWithoutData(ValueId value, DType dtype, Shape shape)
{
    Value &target = m_values[value.index()];
    target.dtype = dtype;
    target.shape = std::move(shape);
    target.isConstant = true;
}

NodeId GraphBuilder::addNode(Node node)
{
    if (!node.scope.isValid()) {
        node.scope = mainScope();
    }
    if (!node.module.isValid()) {
        node.module = ModuleId{0};
    }
    m_nodes.push_back(std::move(node));
    return NodeId{m_nodes.size() - 1};
}

NodeId GraphBuilder::addNode(std::string name, std::string opType, std::vector<std::string> inputs,
                             std::vector<std::string> outputs)
{
    Node node;
    node.name = std::move(name);
    node.opType = std::move(opType);
    for (const std::string &input : inputs) {
        node.inputs.push_back(value(mainScope(), input));
    }
    for (const std::string &output : outputs) {
        node.outputs.push_back(localValue(mainScope(), output));
    }
    return addNode(std::move(node));
}

ModuleId GraphBuilder::module(std::string_view dottedPath, std::string_view className)
{
    ModuleId current{0};
    std::string prefix;
    std::size_t depth = 0;
    while (!dottedPath.empty()) {
        const std::size_t dot =
            ++depth < kDeepestModule ? dottedPath.find('.') : std::string_view::npos;
        const std::string_view name = dottedPath.substr(0, dot);
        dottedPath.remove_prefix(dot == std::string_view::npos ? dottedPath.size() : dot + 1);
        if (name.empty()) {
            continue;
        }
        prefix += prefix.empty() ? "" : ".";
        prefix += name;
        const ModuleId parent = current;
        const auto [entry, isNew] = m_modulesByPath.try_emplace(prefix, ModuleId{m_modules.size()});
        current = entry->second;
        if (isNew) {
            Module module;
            module.name = name;
            module.path = prefix;
            module.parent = parent;
            m_modules.push_back(std::move(module));
            m_modules[parent.index()].children.push_back(current);
        }
    }
    if (m_modules[current.index()].className.empty()) {
        m_modules[current.index()].className = className;
    }
    return current;
}

std::optional<ValueId> GraphBuilder::findLocalValue(ScopeId scope, std::string_view name) const
{
    const auto &names = m_names[scope.index()];
    const auto found = names.find(std::string(name));
    return found == names.end() ? std::nullopt : std::optional(found->second);
}

void GraphBuilder::addDiagnostic(Diagnostic diagnostic)
{
    m_diagnostics.push_back(std::move(diagnostic));
}

void GraphBuilder::captureOuterValues()
{
    const auto linkLate = [this](ValueId &used) {
        if (!used.isValid()) {
            return;
        }
        const Value &value = m_values[used.index()];
        if (value.producer.isValid() || value.isInput || value.isConstant) {
            return;
        }
        for (ScopeId at = m_scopes[value.scope.index()].parent; at.isValid();
             at = m_scopes[at.index()].parent) {
            const auto found = m_names[at.index()].find(value.name);
            if (found != m_names[at.index()].end()) {
                used = found->second;
                return;
            }
        }
    };
    for (Node &node : m_nodes) {
        for (ValueId &input : node.inputs) {
            linkLate(input);
        }
    }
    for (Scope &scope : m_scopes) {
        for (ValueId &output : scope.outputs) {
            linkLate(output);
        }
    }
}

Result<void> GraphBuilder::linkProducers()
{
    for (std::size_t i = 0; i < m_nodes.size(); ++i) {
        for (const ValueId output : m_nodes[i].outputs) {
            if (!output.isValid()) {
                continue;
            }
            Value &value = m_values[output.index()];
            const Node &node = m_nodes[i];
            if (value.producer.isValid()) {
                const Node &other = m_nodes[value.producer.index()];
                return Error{ErrorCode::BadFormat,
                             fmt::format("value '{}' is produced twice: by {} and by {}",
                                         value.name, describeOp(other, m_values),
                                         describeOp(node, m_values))};
            }
            if (value.isInput || value.scope != node.scope) {
                const std::string_view what = value.isInput ? "an input" : "of another scope";
                return Error{ErrorCode::BadFormat,
                             fmt::format("{} produces '{}', which is {}",
                                         describeOp(node, m_values), value.name, what)};
            }
            value.producer = NodeId{i};
        }
    }
    return {};
}

void GraphBuilder::applyOrder(const std::vector<NodeId> &order)
{
    std::vector<Node> sorted;
    sorted.reserve(order.size());
    std::vector<NodeId> newIds(order.size());
    for (const NodeId old : order) {
        newIds[old.index()] = NodeId{sorted.size()};
        sorted.push_back(std::move(m_nodes[old.index()]));
    }
    m_nodes = std::move(sorted);
    for (Value &value : m_values) {
        if (value.producer.isValid()) {
            value.producer = newIds[value.producer.index()];
        }
    }
    for (Scope &scope : m_scopes) {
        if (scope.owner.isValid()) {
            scope.owner = newIds[scope.owner.index()];
        }
    }
}

void GraphBuilder::linkConsumers()
{
    for (std::size_t i = 0; i < m_nodes.size(); ++i) {
        for (const ValueId input : m_nodes[i].inputs) {
            if (input.isValid()) {
                m_values[input.index()].consumers.emplace_back(i);
            }
        }
        m_modules[m_nodes[i].module.index()].nodes.emplace_back(i);
    }
}

void GraphBuilder::reportMissingValues()
{
    for (const Value &value : m_values) {
        const bool isUsed = !value.consumers.empty() || value.isOutput;
        if (isUsed && !value.producer.isValid() && !value.isInput && !value.isConstant) {
            addDiagnostic({Diagnostic::Severity::Warning, value.name,
                           "no op, input or initializer gives this value"});
        }
    }
}

Result<std::shared_ptr<const Graph>> GraphBuilder::build()
{
    GraphBuilder own = std::exchange(*this, GraphBuilder{});
    if (auto linked = own.linkProducers(); !linked) {
        return linked.error();
    }
    own.captureOuterValues();
    auto order = executionOrder(own.m_nodes, own.m_values, own.m_scopes);
    if (!order) {
        return order.error();
    }
    own.applyOrder(*order);
    own.linkConsumers();
    own.reportMissingValues();

    const std::shared_ptr<Graph> graph(new Graph);
    graph->m_info = std::move(own.m_info);
    graph->m_nodes = std::move(own.m_nodes);
    graph->m_values = std::move(own.m_values);
    graph->m_scopes = std::move(own.m_scopes);
    graph->m_modules = std::move(own.m_modules);
    graph->m_diagnostics = std::move(own.m_diagnostics);
    graph->m_valueByName.reserve(graph->m_values.size());
    for (std::size_t i = 0; i < graph->m_values.size(); ++i) {
        graph->m_valueByName.try_emplace(graph->qualifiedName(ValueId{i}), i);
    }
    return std::shared_ptr<const Graph>(graph);
}

} // namespace syncpoint
