#pragma once
#include "compare/align/graph_side.h"

#include <cstdint>
#include <optional>
#include <span>
#include <vector>

namespace syncpoint {

/// Some elements of the largest constant operand of an op, dequantized, in an order that does not
/// depend on how the operand is stored: one row per output channel, so that folding a batch
/// normalisation only rescales rows. Of a large operand, evenly spread rows and columns are taken;
/// operands of equal extents give the same positions.
struct WeightSample
{
    ValueId operand; ///< what the op reads
    Shape extents; ///< output channels first; 1-D for vectors and elementwise operands, 1s left out
    std::size_t rows = 0; ///< sampled
    std::size_t columns = 0;
    std::vector<float> values;  ///< rows × columns, every row scaled to length 1 (matrices only)
    std::vector<float> lengths; ///< of the rows before scaling
    bool isMatrix = false;
    bool hasLengths = true; ///< false: integers whose scales are not known here

    std::span<const float> row(std::size_t i) const
    {
        return std::span(values).subspan(i * columns, columns);
    }
};

/// The constant an op reads, before sampling; sees through DequantizeLinear, Cast, Transpose and
/// Reshape of constants.
class WeightOperand
{
public:
    /// Nothing when the op has no constant operand of at least two numbers whose data can be had.
    static std::optional<WeightOperand> of(const GraphSide &side, NodeId id);

    /// A filter in channel blocks (channel_blocks.h), undone; nothing when it cannot have any.
    std::optional<WeightOperand> withoutBlocks(std::size_t block) const;

    ValueId operand() const { return m_operand; }
    ValueId stored() const { return m_stored; }
    /// Extents with the output channels first.
    Shape extents() const;
    /// `axes` reorders extents() first, for weights that the other model keeps in another layout.
    /// Nothing when a number is not finite or all are equal: such a weight identifies nothing.
    std::optional<WeightSample> sample(std::span<const std::size_t> axes = {}) const;
    /// Of the output channels [first, first + count) alone, at the positions that an operand of so
    /// many channels is sampled at; nothing without so many.
    std::optional<WeightSample> sampleChannels(std::uint64_t first, std::uint64_t count) const;

private:
    std::optional<WeightSample> sampled(Shape extents, const std::vector<std::int64_t> &strides,
                                        std::uint64_t firstRow) const;
    void orderAxes(const Node &node, std::size_t slot);
    static std::optional<WeightOperand> ofPacked(const GraphSide &side, NodeId id);
    TensorView data() const;

    const Graph *m_graph = nullptr;
    ValueId m_operand;
    ValueId m_stored;
    Shape m_shape;                       ///< as the op sees it, then output channels first
    std::vector<std::int64_t> m_strides; ///< in elements of the stored tensor
    bool m_isMatrix = false;
    std::optional<Tensor> m_undone; ///< the data when they are not the stored ones
};

} // namespace syncpoint
