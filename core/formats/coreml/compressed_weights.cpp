#include "core/formats/coreml/compressed_weights.h"

#include "core/formats/coreml/compressed_numbers.h"
#include "core/formats/coreml/weight_quantization.h"
#include "core/tensor/decode.h"

#include <algorithm>
#include <fmt/format.h>

namespace syncpoint {

namespace {
constexpr std::uint64_t kMostScales = std::uint64_t{2} << 20U; // kept as numbers, of all weights

Error badFormat(std::string message)
{
    return {ErrorCode::BadFormat, std::move(message)};
}

/// The unsigned type whose codes count the entries of a palette.
std::optional<DType> indexType(std::uint64_t entries)
{
    for (const DType dtype :
         {DType::UInt1, DType::UInt2, DType::UInt3, DType::UInt4, DType::UInt6, DType::UInt8}) {
        if (std::uint64_t{1} << bitWidth(dtype) == entries) {
            return dtype;
        }
    }
    return std::nullopt;
}

/// In the shape of the scales; one for all of them is repeated.
Result<Tensor> zeroPointsFor(const Tensor &scales, const Tensor &zeroPoints)
{
    if (zeroPoints.elements() != 1 || scales.elements() == 1) {
        return zeroPoints.reshaped(scales.info().shape);
    }
    float one = 0.0F;
    syncpoint::decode(zeroPoints.view(), 0, std::span(&one, 1));
    const std::vector<float> all(scales.elements(), one);
    return Tensor::fromFloats(scales.info().shape, all);
}
} // namespace

Result<CompressedWeights::Decoded> CompressedWeights::part(const WeightOp &op,
                                                           std::string_view name) const
{
    const ValueId id = op.operand(name);
    if (!id.isValid()) {
        return badFormat(fmt::format("'{}' is missing", name));
    }
    if (const auto made = m_decoded.find(id); made != m_decoded.end()) {
        return made->second;
    }
    const Value &value = m_builder.values()[id.index()];
    if (!value.constant) {
        return badFormat(fmt::format("the data of '{}' are missing", name));
    }
    auto plain = value.constant->withQuantization(nullptr);
    return plain ? Result<Decoded>(Decoded{*std::move(plain), 0}) : plain.error();
}

Result<void> CompressedWeights::set(const WeightOp &op, Result<Tensor> tensor, int depth)
{
    if (!tensor) {
        return tensor.error();
    }
    if (depth > kDeepest) {
        return Error{ErrorCode::Limit, "compressed weights stand on too many others"};
    }
    const ValueId output = op.node.outputs.back();
    const Value &declared = m_builder.values()[output.index()];
    if (declared.shape && *declared.shape != tensor->info().shape) {
        return badFormat(fmt::format("it is declared as {} but decodes to {}",
                                     toText(*declared.shape), toText(tensor->info().shape)));
    }
    m_decoded[output] = {*tensor, depth};
    if (isFloat(declared.dtype)) { // codes that are scaled later are no numbers to show
        m_builder.setConstant(output, *std::move(tensor));
    } else {
        m_builder.setConstantWithoutData(output, declared.dtype, tensor->info().shape);
    }
    return {};
}

Result<void> CompressedWeights::unpack(ValueId value, DType dtype, Shape shape)
{
    if (!value.isValid()) {
        return badFormat("its codes or its mask are missing");
    }
    const auto &packed = m_builder.values()[value.index()].constant;
    if (packed && packed->view().deferred != nullptr) { // to make its bytes may take any memory
        return badFormat("its codes or its mask are themselves compressed");
    }
    const auto elements = elementCount(shape);
    const auto needed = elements ? storageBytes(dtype, *elements) : std::nullopt;
    if (!packed || !needed || packed->bytes().size() < *needed) {
        return badFormat(fmt::format("{} bytes do not hold {} {}",
                                     packed ? packed->bytes().size() : 0, dtypeName(dtype),
                                     toText(shape)));
    }
    auto tensor = Tensor::wrap({dtype, std::move(shape), nullptr}, packed->bytes().first(*needed),
                               std::make_shared<const Tensor>(*packed));
    if (!tensor) {
        return tensor.error();
    }
    m_builder.setConstant(value, *std::move(tensor));
    return {};
}

bool CompressedWeights::quantize(ValueId data, const Tensor &scale,
                                 const std::optional<Tensor> &offset)
{
    const Value &value = m_builder.values()[data.index()];
    if (!value.constant || value.quantization || !isInteger(value.dtype) ||
        scale.elements() > kMostScales - m_scales ||
        scale.info().shape.size() != value.constant->info().shape.size()) {
        return false;
    }
    auto quantization = weightQuantization(value.constant->info().shape, scale, offset);
    if (!quantization) {
        return false;
    }
    auto tensor = value.constant->withQuantization(std::move(quantization));
    if (!tensor) {
        return false;
    }
    m_scales += scale.elements();
    m_builder.setConstant(data, *std::move(tensor));
    return true;
}

Result<void> CompressedWeights::scale(const WeightOp &op, ValueId data, const Decoded &scale,
                                      const std::optional<Decoded> &offset)
{
    const auto codes = m_decoded.find(data);
    const auto &stored = m_builder.values()[data.index()].constant;
    if (codes == m_decoded.end() && !stored) {
        return badFormat("the data are missing");
    }
    const auto plain = codes == m_decoded.end() ? stored->withQuantization(nullptr)
                                                : Result<Tensor>(codes->second.tensor);
    if (!plain) {
        return plain.error();
    }
    const std::optional<Tensor> offsets = offset ? std::optional(offset->tensor) : std::nullopt;
    auto scaled = scaledTensor(*plain, scale.tensor, offsets);
    if (scaled && codes == m_decoded.end() && quantize(data, scale.tensor, offsets)) {
        return {};
    }
    const int depth = std::max({codes == m_decoded.end() ? 0 : codes->second.depth, scale.depth,
                                offset ? offset->depth : 0});
    return set(op, std::move(scaled), depth + 1);
}

Result<void> CompressedWeights::affine(const WeightOp &op)
{
    const auto data = part(op, "quantized_data");
    auto scales = part(op, "scale");
    auto zeroPoints = part(op, "zero_point");
    if (!data || !scales) {
        return data ? scales.error() : data.error();
    }
    // One scale for the tensor or one per index of the axis, as a grid of blocks.
    Shape grid(data->tensor.info().shape.size(), 1);
    if (scales->tensor.elements() != 1) {
        const auto axis = op.axis("axis", grid.size());
        if (!axis) {
            return badFormat("the axis of its scales is missing");
        }
        grid[*axis] = static_cast<std::int64_t>(scales->tensor.elements());
    }
    if (scales->tensor.elements() > kMostScales) {
        return Error{ErrorCode::Limit, fmt::format("it has {} scales", scales->tensor.elements())};
    }
    if (zeroPoints && !isNumeric(zeroPoints->tensor.info().dtype)) {
        return badFormat("its zero points are no numbers");
    }
    auto gridded = scales->tensor.reshaped(grid);
    if (!gridded) {
        return gridded.error();
    }
    std::optional<Decoded> offset;
    if (zeroPoints) {
        auto fitted = zeroPointsFor(*gridded, zeroPoints->tensor);
        if (!fitted) {
            return fitted.error();
        }
        offset = Decoded{*std::move(fitted), zeroPoints->depth};
    }
    return scale(op, op.operand("quantized_data"), {*std::move(gridded), scales->depth}, offset);
}

Result<void> CompressedWeights::palette(const WeightOp &op)
{
    const auto lut = part(op, "lut");
    if (!lut) {
        return lut.error();
    }
    Tensor table = lut->tensor;
    if (const auto shape = op.integers("shape"); !shape.empty()) { // iOS 16
        const auto dtype = indexType(table.elements());
        if (!dtype) {
            return badFormat(fmt::format("a palette of {} entries", table.elements()));
        }
        if (auto done = unpack(op.operand("indices"), *dtype, shape); !done) {
            return done;
        }
        Shape oneTable(shape.size() + 2, 1);
        oneTable[shape.size()] = static_cast<std::int64_t>(table.elements());
        auto shaped = table.reshaped(std::move(oneTable));
        if (!shaped) {
            return shaped.error();
        }
        table = *std::move(shaped);
    }
    const auto indices = part(op, "indices");
    if (!indices) {
        return indices.error();
    }
    const auto axis = op.axis("vector_axis", indices->tensor.info().shape.size());
    return set(op, paletteTensor(indices->tensor, table, axis),
               std::max(indices->depth, lut->depth) + 1);
}

Result<void> CompressedWeights::decode(const WeightOp &op)
{
    const std::string &type = op.node.opType;
    if (type == "constexpr_affine_dequantize") {
        return affine(op);
    }
    if (type == "constexpr_blockwise_shift_scale") {
        const auto scales = part(op, "scale");
        const auto offset = part(op, "offset");
        const ValueId data = op.operand("data");
        if (!scales || !data.isValid()) {
            return scales ? badFormat("'data' is missing") : scales.error();
        }
        return scale(op, data, *scales, offset ? std::optional(*offset) : std::nullopt);
    }
    if (type == "constexpr_lut_to_dense") {
        return palette(op);
    }
    if (type == "constexpr_sparse_to_dense") {
        return sparse(op);
    }
    if (type == "constexpr_lut_to_sparse") {
        return sparsePalette(op);
    }
    if (type == "constexpr_sparse_blockwise_shift_scale") {
        return sparseScale(op);
    }
    return {};
}

void CompressedWeights::apply(NodeId op, const WeightOp::Operands &operands)
{
    const Node node = m_builder.nodes()[op.index()];
    const bool isNamed = std::all_of(node.outputs.begin(), node.outputs.end(),
                                     [](ValueId output) { return output.isValid(); });
    if (node.outputs.empty() || !isNamed) {
        return;
    }
    if (auto done = decode({node, operands}); !done) {
        const Value &value = m_builder.values()[node.outputs.back().index()];
        m_builder.addDiagnostic({Diagnostic::Severity::Warning, value.name, done.error().message});
    }
}

} // namespace syncpoint
