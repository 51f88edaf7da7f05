#pragma once
#include "compare/align/sync_point.h"
#include "core/graph/graph.h"

#include <cstdint>
#include <optional>
#include <span>
#include <vector>

namespace syncpoint {

using ValueClassId = StrongId<struct ValueClassTag>;

/// In which number format a member holds its class's numbers.
enum class MemberRole : std::uint8_t {
    Raw,         ///< as computed
    Quantized,   ///< integers
    Dequantized, ///< reals that went through a quantizer
};

/// One value of a class.
struct ClassMember
{
    ValueId value;
    std::size_t parent = 0; ///< position of the member it is made from; the root is its own parent
    MemberRole role = MemberRole::Raw;
    bool isRelayout = false; ///< differs from its parent in layout only
    /// Turns the root's tensor into this member's, `dequantize` unused. Nothing when the graph does
    /// not say, or when it takes a reshape followed by a permutation.
    std::optional<Transform> fromRoot = Transform{};
    /// The tensor is stored in a blocked order that its shape does not show (NCHWc).
    bool isBlocked = false;
};

/// A computed value and its views: everything made from it by transparent ops alone. A tree in
/// execution order, root first.
struct ValueClass
{
    enum class Kind : std::uint8_t {
        Data,
        Constant,
        ShapeArithmetic,
        QuantizationParameter, ///< a scale or zero point that the model computes
    };
    Kind kind = Kind::Data;
    NodeId producer; ///< of the root; invalid for inputs
    std::vector<ClassMember> members;

    ValueId root() const { return members.front().value; }
};

/// All values of a graph, each in exactly one class. Linear in the graph's size.
class ValueClasses
{
public:
    explicit ValueClasses(const Graph &graph);

    std::span<const ValueClass> all() const { return m_classes; }
    const ValueClass &operator[](ValueClassId id) const { return m_classes[id.index()]; }
    ValueClassId classOf(ValueId value) const { return m_classOf[value.index()]; }
    const ClassMember &member(ValueId value) const;
    /// Whether the op only makes another member of its input's class.
    bool isTransparent(NodeId node) const { return m_transparent[node.index()]; }

private:
    bool makesBlocks(const Node &node) const;
    bool isParameter(const Node &node, ValueId output) const;
    void addRoot(const Graph &graph, ValueId value, ValueClass::Kind kind);
    bool addView(const Graph &graph, NodeId node);
    bool addIfViews(const Graph &graph, NodeId node);
    std::optional<ValueId> yieldedView(const Graph &graph, const Node &node,
                                       std::size_t slot) const;

    std::vector<ValueClass> m_classes;
    std::vector<ValueClassId> m_classOf;    ///< by ValueId
    std::vector<std::uint32_t> m_positions; ///< by ValueId: position among the class's members
    std::vector<bool> m_transparent;        ///< by NodeId
};

} // namespace syncpoint
