#pragma once
#include "core/formats/coreml/weight_op.h"
#include "core/graph/graph_builder.h"

#include <cstdint>
#include <map>
#include <optional>
#include <string_view>

namespace syncpoint {

/// Says what the numbers of a program's compressed weights are. Integers with scales stay as they
/// are stored and get a Quantization; palettes and sparse weights become constants that are decoded
/// when somebody asks. What does not fit together becomes a diagnostic.
class CompressedWeights
{
public:
    explicit CompressedWeights(GraphBuilder &builder) : m_builder(builder) {}

    /// For a `constexpr_…` op that is in the builder, after the ops it reads.
    void apply(NodeId op, const WeightOp::Operands &operands);

private:
    struct Decoded
    {
        Tensor tensor;
        int depth = 0; ///< how many decodings it stands on
    };
    static constexpr int kDeepest = 4; ///< sparse over scale over palette, and one

    Result<void> decode(const WeightOp &op);
    Result<void> scale(const WeightOp &op, ValueId data, const Decoded &scale,
                       const std::optional<Decoded> &offset);
    Result<void> affine(const WeightOp &op);
    Result<void> palette(const WeightOp &op);
    Result<void> sparse(const WeightOp &op);
    Result<void> sparsePalette(const WeightOp &op);
    Result<void> sparseScale(const WeightOp &op);

    Result<Decoded> part(const WeightOp &op, std::string_view name) const;
    /// Bits that the file calls bytes, as elements of `dtype` and `shape`.
    Result<void> unpack(ValueId value, DType dtype, Shape shape);
    Result<void> set(const WeightOp &op, Result<Tensor> tensor, int depth);
    Result<void> setSparse(const WeightOp &op, const Decoded &mask, Result<Tensor> dense,
                           int depth);
    bool quantize(ValueId data, const Tensor &scale, const std::optional<Tensor> &offset);

    GraphBuilder &m_builder;
    std::map<ValueId, Decoded> m_decoded;
    std::map<ValueId, Decoded> m_dense; ///< by the nonzero elements that stand for it
    std::uint64_t m_scales = 0;
};

} // namespace syncpoint
