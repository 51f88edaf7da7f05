#include "compare/align/graph_side.h"
#include "compare/align/twins.h"

#include <algorithm>

namespace syncpoint {

GraphSide::GraphSide(const Graph &source)
    : graph(source), classes(source), families(source.nodes().size()),
      inputs(source.nodes().size()), consumers(classes.all().size()), isOutput(classes.all().size())
{
    for (std::size_t i = 0; i < graph.nodes().size(); ++i) {
        const Node &node = graph.nodes()[i];
        families[i] = opFamilyOf(node);
        if (classes.isTransparent(NodeId{i})) {
            continue;
        }
        const auto read = [&](ValueId value) {
            if (value.isValid() && isData(classes.classOf(value))) {
                inputs[i].push_back(classes.classOf(value));
            }
        };
        std::for_each(node.inputs.begin(), node.inputs.end(), read);
        for (const ScopeId body : node.bodies) {
            const auto &yielded = graph.scope(body).outputs;
            std::for_each(yielded.begin(), yielded.end(), read);
        }
        for (const ValueClassId input : inputs[i]) {
            auto &readers = consumers[input.index()];
            if (readers.empty() || readers.back() != NodeId{i}) {
                readers.push_back(NodeId{i});
            }
        }
    }
    for (const ValueId output : graph.mainScope().outputs) {
        if (output.isValid()) {
            isOutput[classes.classOf(output).index()] = true;
        }
    }
    isUsed = isOutput;
    for (std::size_t i = graph.nodes().size(); i-- > 0;) { // ops come in execution order
        const auto made = outputs(NodeId{i});
        const bool matters = graph.nodes()[i].scope != ScopeId{0} ||
                             std::any_of(made.begin(), made.end(),
                                         [&](ValueClassId id) { return isUsed[id.index()]; });
        for (const ValueClassId input : inputs[i]) {
            isUsed[input.index()] = isUsed[input.index()] || matters;
        }
    }
    twins = findTwins(*this);
    for (std::size_t i = 0; i < twins.size(); ++i) {
        if (twins[i] != ValueClassId{i}) {
            repeats[twins[i]].push_back(ValueClassId{i});
        }
    }
}

std::vector<NodeId> GraphSide::liveReaders(ValueClassId id) const
{
    std::vector<NodeId> live;
    for (const NodeId reader : consumers[id.index()]) {
        const auto made = outputs(reader);
        if (std::any_of(made.begin(), made.end(),
                        [&](ValueClassId result) { return isUsed[result.index()]; })) {
            live.push_back(reader);
        }
    }
    return live;
}

std::size_t GraphSide::useCount(ValueClassId id) const
{
    return liveReaders(id).size() + (isOutput[id.index()] ? 1U : 0U);
}

std::vector<NodeId> GraphSide::readers(ValueClassId id) const
{
    const ValueClassId first = twins[id.index()];
    std::vector<NodeId> result = consumers[first.index()];
    if (const auto found = repeats.find(first); found != repeats.end()) {
        for (const ValueClassId repeat : found->second) {
            const auto &more = consumers[repeat.index()];
            result.insert(result.end(), more.begin(), more.end());
        }
        std::sort(result.begin(), result.end());
        result.erase(std::unique(result.begin(), result.end()), result.end());
    }
    return result;
}

const OpFamily *GraphSide::family(ValueClassId id) const
{
    return producer(id).isValid() ? families[producer(id).index()] : nullptr;
}

std::vector<ValueClassId> GraphSide::outputs(NodeId id) const
{
    std::vector<ValueClassId> result;
    if (classes.isTransparent(id)) {
        return result;
    }
    for (const ValueId output : graph.node(id).outputs) {
        if (output.isValid() && isData(classes.classOf(output))) {
            result.push_back(classes.classOf(output));
        }
    }
    return result;
}

std::size_t GraphSide::outputSlot(ValueClassId id) const
{
    if (!producer(id).isValid()) {
        return 0;
    }
    const auto &made = graph.node(producer(id)).outputs;
    return static_cast<std::size_t>(std::find(made.begin(), made.end(), classes[id].root()) -
                                    made.begin());
}

std::optional<std::uint64_t> GraphSide::elements(ValueClassId id) const
{
    for (const ClassMember &member : classes[id].members) {
        const auto &shape = graph.value(member.value).shape;
        if (shape && !member.isBlocked) {
            if (const auto count = elementCount(*shape)) {
                return count;
            }
        }
    }
    return std::nullopt;
}

} // namespace syncpoint
