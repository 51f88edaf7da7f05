#pragma once
#include "core/graph/graph_builder.h"

#include <functional>
#include <optional>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace syncpoint {

using Integers = std::vector<std::int64_t>;
/// Elements of small integer tensors of rank 0 or 1, known before the run.
using KnownIntegers = std::unordered_map<ValueId, Integers>;

/// What a rule finds out about one output.
struct InferredValue
{
    DType dtype = DType::Undefined;
    std::optional<Shape> shape;
    std::optional<Integers> integers = std::nullopt;
};
using InferredValues = std::vector<InferredValue>;

/// What a rule may look at: the op's attributes and what is known of its inputs.
class RuleInput
{
public:
    RuleInput(const GraphBuilder &builder, const KnownIntegers &integers, const Node &node)
        : m_builder(builder), m_integers(integers), m_node(node)
    {
    }

    const Node &node() const { return m_node; }
    std::size_t inputCount() const { return m_node.inputs.size(); }
    std::size_t outputCount() const { return m_node.outputs.size(); }
    bool has(std::size_t slot) const
    {
        return slot < m_node.inputs.size() && m_node.inputs[slot].isValid();
    }
    DType dtype(std::size_t slot) const;
    /// The input's shape; nothing when absent, of unknown rank, or of rank above 64.
    std::optional<Shape> shape(std::size_t slot) const;
    std::optional<Integers> integers(std::size_t slot) const;
    std::optional<std::vector<double>> reals(std::size_t slot) const; ///< small float constants

    std::int64_t attribute(std::string_view name, std::int64_t missing) const;
    std::optional<Integers> listAttribute(std::string_view name) const;
    std::string_view textAttribute(std::string_view name) const;
    /// The list under `name` as an attribute, as older op sets have it, or input `slot`.
    std::optional<Integers> list(std::string_view name, std::size_t slot) const;
    /// Types and shapes of the outputs of a body, by output.
    std::vector<std::vector<InferredValue>> bodyOutputs() const;

private:
    const GraphBuilder &m_builder;
    const KnownIntegers &m_integers;
    const Node &m_node;
};

using Rule = std::function<InferredValues(const RuleInput &)>;
using RuleTable = std::unordered_map<std::string_view, Rule>;

constexpr std::size_t kHighestInferredRank = 64;
constexpr std::size_t kMostIntegers = 64;

/// An extent if it is a sensible one, else −1 (unknown).
std::int64_t extentOr(__int128_t extent);
/// `axis` counted from the front, if it lies within the rank.
std::optional<std::size_t> absoluteAxis(std::int64_t axis, std::size_t rank);
/// NumPy's broadcasting; nothing when the shapes do not fit.
std::optional<Shape> broadcast(const Shape &a, const Shape &b);
/// One output.
InferredValues one(DType dtype, std::optional<Shape> shape);

void addElementwiseRules(RuleTable &table);
void addLayoutRules(RuleTable &table);     ///< Reshape, Transpose, Concat, …
void addProductRules(RuleTable &table);    ///< MatMul, Gemm, LSTM, …
void addWindowRules(RuleTable &table);     ///< Conv, pooling, Resize
void addReductionRules(RuleTable &table);  ///< Reduce…, ArgMax, TopK
void addShapeValueRules(RuleTable &table); ///< Shape, Size, ConstantOfShape, Range

/// The integers that an op of a shape computation gives, from those of its inputs.
std::optional<Integers> evaluateIntegers(const RuleInput &input);

} // namespace syncpoint
