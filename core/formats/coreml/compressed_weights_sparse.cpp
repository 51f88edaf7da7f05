#include "core/formats/coreml/compressed_numbers.h"
#include "core/formats/coreml/compressed_weights.h"

#include <algorithm>

namespace syncpoint {

Result<void> CompressedWeights::sparse(const WeightOp &op)
{
    if (const auto shape = op.integers("shape"); !shape.empty()) { // iOS 16
        if (auto done = unpack(op.operand("mask"), DType::UInt1, shape); !done) {
            return done;
        }
    }
    const auto mask = part(op, "mask");
    if (const auto dense = m_dense.find(op.operand("nonzero_data")); dense != m_dense.end()) {
        return set(op, dense->second.tensor, dense->second.depth);
    }
    const auto nonzero = part(op, "nonzero_data");
    if (!mask || !nonzero) {
        return mask ? nonzero.error() : mask.error();
    }
    return set(op, sparseTensor(mask->tensor, nonzero->tensor),
               std::max(mask->depth, nonzero->depth) + 1);
}

Result<void> CompressedWeights::setSparse(const WeightOp &op, const Decoded &mask,
                                          Result<Tensor> dense, int depth)
{
    if (!dense) {
        return dense.error();
    }
    if (depth > kDeepest || op.node.outputs.size() != 2) {
        return Error{ErrorCode::BadFormat, "a sparse weight needs a mask and elements"};
    }
    const ValueId elements = op.node.outputs[1];
    m_decoded[op.node.outputs[0]] = mask;
    m_dense[elements] = {*std::move(dense), depth};
    for (const ValueId output : op.node.outputs) {
        const Value &value = m_builder.values()[output.index()];
        m_builder.setConstantWithoutData(output, value.dtype, value.shape.value_or(Shape{}));
    }
    return {};
}

Result<void> CompressedWeights::sparsePalette(const WeightOp &op)
{
    const auto mask = part(op, "indices_mask");
    const auto nonzero = part(op, "indices_nonzero_data");
    const auto lut = part(op, "lut");
    if (!mask || !nonzero || !lut) {
        return Error{ErrorCode::BadFormat, "its mask, indices or palette are missing"};
    }
    const auto codes = sparseTensor(mask->tensor, nonzero->tensor);
    if (!codes) {
        return codes.error();
    }
    const auto dense = paletteTensor(*codes, lut->tensor, std::nullopt);
    return setSparse(op, *mask, dense ? maskedTensor(mask->tensor, *dense) : dense,
                     std::max({mask->depth, nonzero->depth, lut->depth}) + 1);
}

Result<void> CompressedWeights::sparseScale(const WeightOp &op)
{
    const auto mask = part(op, "data_mask");
    const auto scales = part(op, "scale");
    const auto offset = part(op, "offset");
    if (!mask || !scales) {
        return mask ? scales.error() : mask.error();
    }
    // The elements may be those of a palette.
    const auto known = m_dense.find(op.operand("nonzero_data"));
    const auto nonzero = part(op, "nonzero_data");
    if (known == m_dense.end() && !nonzero) {
        return nonzero.error();
    }
    const auto codes = known != m_dense.end() ? Result<Tensor>(known->second.tensor)
                                              : sparseTensor(mask->tensor, nonzero->tensor);
    if (!codes) {
        return codes.error();
    }
    const auto dense =
        scaledTensor(*codes, scales->tensor, offset ? std::optional(offset->tensor) : std::nullopt);
    const int depth = known != m_dense.end() ? known->second.depth : nonzero->depth;
    return setSparse(op, *mask, dense ? maskedTensor(mask->tensor, *dense) : dense,
                     std::max({depth, scales->depth, offset ? offset->depth : 0}) + 1);
}

} // namespace syncpoint
