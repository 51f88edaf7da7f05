#include "core/graph/topology.h"

#include <algorithm>
#include <array>
#include <string_view>

namespace syncpoint {

namespace {
template <typename List>
bool contains(const List &list, std::string_view text)
{
    return std::find(list.begin(), list.end(), text) != list.end();
}

bool isRandom(const Node &node)
{
    static constexpr std::array<std::string_view, 6> kRandomOps{
        "RandomNormal",      "RandomNormalLike", "RandomUniform",
        "RandomUniformLike", "Multinomial",      "Bernoulli"};
    return contains(kRandomOps, node.opType);
}

bool startsShapes(const Node &node)
{
    return node.opType == "Shape" || node.opType == "Size" ||
           node.opType.starts_with("aten.sym_size.") || node.opType == "aten.sym_numel.default";
}

/// Ops that compute a shape value when all they use is shapes and constants.
bool keepsShapes(const Node &node)
{
    static constexpr std::array<std::string_view, 35> kOps{"Abs",
                                                           "Add",
                                                           "And",
                                                           "Cast",
                                                           "Concat",
                                                           "Div",
                                                           "Equal",
                                                           "Flatten",
                                                           "Gather",
                                                           "GatherND",
                                                           "Greater",
                                                           "GreaterOrEqual",
                                                           "Identity",
                                                           "Less",
                                                           "LessOrEqual",
                                                           "Max",
                                                           "Min",
                                                           "Mod",
                                                           "Mul",
                                                           "Neg",
                                                           "Not",
                                                           "Or",
                                                           "ReduceMax",
                                                           "ReduceMin",
                                                           "ReduceProd",
                                                           "ReduceSum",
                                                           "Reshape",
                                                           "ScatterND",
                                                           "ScatterElements",
                                                           "Slice",
                                                           "Split",
                                                           "Squeeze",
                                                           "Sub",
                                                           "Unsqueeze",
                                                           "Where"};
    // PyTorch computes extents by Python's own operators.
    return contains(kOps, node.opType) || node.opType.starts_with("_operator.");
}

bool castsToFloat(const Graph &graph, const Node &node)
{
    if (node.opType != "Cast") {
        return false;
    }
    constexpr std::array<std::int64_t, 4> kOnnxFloats{1, 10, 11, 16};
    if (const Attribute *to = node.findAttribute("to")) {
        const auto *type = std::get_if<std::int64_t>(&to->data);
        return type &&
               std::find(kOnnxFloats.begin(), kOnnxFloats.end(), *type) != kOnnxFloats.end();
    }
    return std::any_of(node.outputs.begin(), node.outputs.end(), [&](ValueId output) {
        return output.isValid() && isFloat(graph.value(output).dtype);
    });
}

/// Outer values that ops and outputs of each scope use, bodies inside included; index = ScopeId.
/// Inner scopes come after their parents in the list, so one pass from the back collects all.
std::vector<std::vector<ValueId>> capturedValues(const Graph &graph)
{
    std::vector<std::vector<ValueId>> captured(graph.scopes().size());
    const auto note = [&](ScopeId user, ValueId used) {
        if (used.isValid() && graph.value(used).scope != user) {
            captured[user.index()].push_back(used);
        }
    };
    for (const Node &node : graph.nodes()) {
        for (const ValueId input : node.inputs) {
            note(node.scope, input);
        }
    }
    for (std::size_t i = graph.scopes().size(); i-- > 0;) {
        const Scope &scope = graph.scopes()[i];
        for (const ValueId output : scope.outputs) {
            note(ScopeId{i}, output);
        }
        auto &own = captured[i];
        std::sort(own.begin(), own.end());
        own.erase(std::unique(own.begin(), own.end()), own.end());
        if (scope.parent.isValid()) {
            for (const ValueId used : own) {
                note(scope.parent, used);
            }
        }
    }
    return captured;
}

/// Calls `visit` for the op's own inputs and what its bodies capture.
template <typename Visit>
void forEachUsed(const Node &node, const std::vector<std::vector<ValueId>> &captured, Visit visit)
{
    for (const ValueId input : node.inputs) {
        if (input.isValid()) {
            visit(input);
        }
    }
    for (const ScopeId body : node.bodies) {
        for (const ValueId used : captured[body.index()]) {
            visit(used);
        }
    }
}

std::vector<bool> constantValues(const Graph &graph,
                                 const std::vector<std::vector<ValueId>> &captured)
{
    std::vector<bool> isConstant(graph.values().size());
    for (std::size_t i = 0; i < isConstant.size(); ++i) {
        isConstant[i] = graph.values()[i].isConstant;
    }
    for (const Node &node : graph.nodes()) {
        bool all = !isRandom(node);
        forEachUsed(node, captured, [&](ValueId used) { all = all && isConstant[used.index()]; });
        for (const ValueId output : node.outputs) {
            if (all && output.isValid()) {
                isConstant[output.index()] = true;
            }
        }
    }
    return isConstant;
}
} // namespace

std::vector<ValueId> computedInputs(const Graph &graph, NodeId id)
{
    std::vector<ValueId> result;
    const auto add = [&](ValueId used) {
        if (used.isValid() && !graph.value(used).isConstant) {
            result.push_back(used);
        }
    };
    const Node &node = graph.node(id);
    std::for_each(node.inputs.begin(), node.inputs.end(), add);
    if (node.bodies.empty()) {
        return result;
    }
    // The ops of the bodies stand right before their owner.
    std::vector<bool> isInside(graph.scopes().size());
    std::vector<ScopeId> pending = node.bodies;
    std::vector<ValueId> captured;
    const auto collect = [&](const std::vector<ValueId> &values) {
        captured.insert(captured.end(), values.begin(), values.end());
    };
    while (!pending.empty()) {
        const ScopeId body = pending.back();
        pending.pop_back();
        isInside[body.index()] = true;
        collect(graph.scope(body).outputs);
    }
    for (std::size_t i = id.index(); i-- > 0;) {
        const Node &inner = graph.nodes()[i];
        ScopeId at = inner.scope;
        while (at.isValid() && !isInside[at.index()]) {
            at = graph.scope(at).parent;
        }
        if (!at.isValid()) {
            break;
        }
        isInside[inner.scope.index()] = true;
        collect(inner.inputs);
        for (const ScopeId body : inner.bodies) {
            isInside[body.index()] = true;
            collect(graph.scope(body).outputs);
        }
    }
    std::vector<bool> isListed(graph.values().size());
    for (const ValueId used : result) {
        isListed[used.index()] = true;
    }
    for (const ValueId used : captured) {
        if (used.isValid() && !isInside[graph.value(used).scope.index()] &&
            !isListed[used.index()]) {
            isListed[used.index()] = true;
            add(used);
        }
    }
    return result;
}

std::vector<std::uint32_t> depths(const Graph &graph)
{
    const auto captured = capturedValues(graph);
    const auto isConstant = constantValues(graph, captured);
    std::vector<std::uint32_t> depth(graph.nodes().size(), 0);
    // Inputs of a body are as deep as what its owner is fed with; -1 means not yet known.
    std::vector<std::int64_t> scopeStart(graph.scopes().size(), -1);
    scopeStart.front() = 0;
    const auto readyAfter = [&](ValueId used) -> std::uint32_t {
        const Value &value = graph.value(used);
        if (isConstant[used.index()]) {
            return 0;
        }
        if (value.producer.isValid()) {
            return depth[value.producer.index()] + 1;
        }
        return static_cast<std::uint32_t>(
            std::max<std::int64_t>(0, scopeStart[value.scope.index()]));
    };
    const auto enter = [&](ScopeId inner) {
        std::vector<ScopeId> chain; // from `inner` out to the first scope that is known
        for (ScopeId at = inner; scopeStart[at.index()] < 0; at = graph.scope(at).parent) {
            chain.push_back(at);
        }
        for (; !chain.empty(); chain.pop_back()) {
            const Scope &scope = graph.scope(chain.back());
            std::uint32_t start = 0;
            for (const ValueId input : graph.node(scope.owner).inputs) {
                start = std::max(start, input.isValid() ? readyAfter(input) : 0U);
            }
            scopeStart[chain.back().index()] = start;
        }
    };
    for (std::size_t i = 0; i < depth.size(); ++i) {
        const Node &node = graph.nodes()[i];
        enter(node.scope);
        std::uint32_t deepest = 0;
        forEachUsed(node, captured,
                    [&](ValueId used) { deepest = std::max(deepest, readyAfter(used)); });
        for (const ScopeId body : node.bodies) {
            for (const ValueId output : graph.scope(body).outputs) {
                deepest = std::max(deepest, output.isValid() ? readyAfter(output) : 0U);
            }
        }
        depth[i] = deepest;
    }
    return depth;
}

std::vector<bool> constantValues(const Graph &graph)
{
    return constantValues(graph, capturedValues(graph));
}

std::vector<bool> shapeValues(const Graph &graph)
{
    const auto isConstant = constantValues(graph);
    std::vector<bool> isShape(graph.values().size());
    for (const Node &node : graph.nodes()) {
        bool result = startsShapes(node);
        if (!result && keepsShapes(node) && !castsToFloat(graph, node)) {
            bool onlyShapes = true;
            bool anyShape = false;
            for (const ValueId input : node.inputs) {
                if (input.isValid()) {
                    anyShape = anyShape || isShape[input.index()];
                    onlyShapes =
                        onlyShapes && (isShape[input.index()] || isConstant[input.index()]);
                }
            }
            result = anyShape && onlyShapes;
        }
        for (const ValueId output : node.outputs) {
            if (result && output.isValid() && !isFloat(graph.value(output).dtype)) {
                isShape[output.index()] = true;
            }
        }
    }
    return isShape;
}

} // namespace syncpoint
