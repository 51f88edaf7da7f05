#pragma once
#include "compare/align/op_family.h"
#include "compare/align/value_classes.h"
#include "core/graph/graph.h"

#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

namespace syncpoint {

/// One graph as alignment sees it: value classes as vertices, computing ops as edges. Built once,
/// linear in the graph's size.
struct GraphSide
{
    explicit GraphSide(const Graph &source);

    const Graph &graph;
    ValueClasses classes;
    std::vector<const OpFamily *> families; ///< by NodeId; null when unknown
    /// By NodeId: the classes an op reads, in operand order, constants and shape arithmetic left
    /// out; for If, Loop and Scan also what their bodies yield.
    std::vector<std::vector<ValueClassId>> inputs;
    /// By class: the ops that read it, its own views left out; each once, in execution order.
    std::vector<std::vector<NodeId>> consumers;
    /// By class: the first class that holds the same numbers, computed twice (see findTwins()).
    std::vector<ValueClassId> twins;
    /// By class that is its own twin: the classes that repeat it, without itself.
    std::unordered_map<ValueClassId, std::vector<ValueClassId>> repeats;
    /// By class: holds an output of the main graph.
    std::vector<bool> isOutput;

    /// By class: some output of the main graph is computed from it.
    std::vector<bool> isUsed;

    /// Two classes of this side that are the same or repeat each other.
    bool holdSameNumbers(ValueClassId a, ValueClassId b) const
    {
        return twins[a.index()] == twins[b.index()];
    }
    /// The ops that read a class or one that repeats it.
    std::vector<NodeId> readers(ValueClassId id) const;
    /// The ops among `consumers` on which some output of the main graph depends.
    std::vector<NodeId> liveReaders(ValueClassId id) const;
    /// How many live readers the class has, an output of the graph counted as one more.
    std::size_t useCount(ValueClassId id) const;
    std::size_t classCount() const { return classes.all().size(); }
    NodeId producer(ValueClassId id) const { return classes[id].producer; }
    const OpFamily *family(ValueClassId id) const;
    bool isData(ValueClassId id) const { return classes[id].kind == ValueClass::Kind::Data; }
    /// A class that an op computes; false for inputs, constants and shape arithmetic.
    bool isComputed(ValueClassId id) const { return isData(id) && producer(id).isValid(); }
    /// The Data classes an op makes, in output order.
    std::vector<ValueClassId> outputs(NodeId id) const;
    /// Which output of its op the class's root is.
    std::size_t outputSlot(ValueClassId id) const;
    /// Elements of every member; nothing when no member's shape is known.
    std::optional<std::uint64_t> elements(ValueClassId id) const;
};

} // namespace syncpoint
