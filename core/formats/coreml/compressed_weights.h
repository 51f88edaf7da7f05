#pragma once
#include "core/graph/graph_builder.h"

#include <map>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace syncpoint {

/// Says what the numbers of a program's compressed weights are. Integers with scales stay as they
/// are stored and get a Quantization; palettes and sparse weights become constants that are decoded
/// when somebody asks. What does not fit together becomes a diagnostic.
class CompressedWeights
{
public:
    /// The constant operands of an op by their parameter's name.
    using Operands = std::vector<std::pair<std::string, ValueId>>;

    explicit CompressedWeights(GraphBuilder &builder) : m_builder(builder) {}

    /// For a `constexpr_…` op that is in the builder, after the ops it reads.
    void apply(NodeId op, const Operands &operands);

private:
    struct Decoded
    {
        Tensor tensor;
        int depth = 0; ///< how many decodings it stands on
    };
    struct Parts;

    Result<void> decode(const Parts &parts);
    Result<void> scale(const Parts &parts, ValueId data, const Decoded &scale,
                       const std::optional<Decoded> &offset);
    Result<void> affine(const Parts &parts);
    Result<void> palette(const Parts &parts);
    Result<void> sparse(const Parts &parts);
    Result<void> sparsePalette(const Parts &parts);
    Result<void> sparseScale(const Parts &parts);

    Result<Decoded> part(const Parts &parts, std::string_view name) const;
    /// Bits that the file calls bytes, as elements of `dtype` and `shape`.
    Result<void> unpack(ValueId value, DType dtype, Shape shape);
    Result<void> set(const Parts &parts, Result<Tensor> tensor, int depth);
    Result<void> setSparse(const Parts &parts, const Decoded &mask, Result<Tensor> dense,
                           int depth);
    bool quantize(ValueId data, const Tensor &scale, const std::optional<Decoded> &offset);

    GraphBuilder &m_builder;
    std::map<ValueId, Decoded> m_decoded;
    std::map<ValueId, Decoded> m_dense; ///< by the nonzero elements that stand for it
    std::uint64_t m_scales = 0;
};

} // namespace syncpoint
