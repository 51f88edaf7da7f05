#include "core/formats/coreml/compressed_weights.h"

#include "core/formats/coreml/compressed_numbers.h"
#include "core/tensor/decode.h"

#include <algorithm>
#include <cmath>
#include <fmt/format.h>
#include <limits>

namespace syncpoint {

namespace {
constexpr int kDeepest = 4; // sparse over scale over palette, and one
constexpr std::uint64_t kMostScales = std::uint64_t{2} << 20U; // kept as numbers, of all weights

Error badFormat(std::string message)
{
    return {ErrorCode::BadFormat, std::move(message)};
}

std::vector<std::int64_t> integersOf(const Node &node, std::string_view attribute)
{
    const Attribute *found = node.findAttribute(attribute);
    if (found == nullptr) {
        return {};
    }
    if (const auto *one = std::get_if<std::int64_t>(&found->data)) {
        return {*one};
    }
    const auto *list = std::get_if<std::vector<std::int64_t>>(&found->data);
    return list != nullptr ? *list : std::vector<std::int64_t>{};
}

/// An axis that may count from the end.
std::optional<std::size_t> axisOf(const Node &node, std::string_view attribute, std::size_t rank)
{
    const auto listed = integersOf(node, attribute);
    const auto extent = static_cast<std::int64_t>(rank);
    if (listed.size() != 1 || listed.front() < -extent || listed.front() >= extent) {
        return std::nullopt;
    }
    return static_cast<std::size_t>((listed.front() + extent) % extent);
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

/// Where the scales of a weight stand, in the terms of Quantization.
struct ScaleLayout
{
    std::optional<std::size_t> axis;
    std::uint64_t blockSize = 0;
};

std::optional<ScaleLayout> layoutOf(const Shape &shape, const Shape &scales)
{
    std::vector<std::size_t> several, shorter;
    for (std::size_t i = 0; i < shape.size(); ++i) {
        if (scales[i] != 1) {
            several.push_back(i);
        }
        if (scales[i] != shape[i]) {
            shorter.push_back(i);
        }
    }
    if (several.empty()) {
        return ScaleLayout{};
    }
    if (several.size() == 1 && scales[several.front()] == shape[several.front()]) {
        return ScaleLayout{several.front(), 0};
    }
    if (shorter.size() == 1) {
        const std::size_t axis = shorter.front();
        return ScaleLayout{axis, static_cast<std::uint64_t>(shape[axis] / scales[axis])};
    }
    return std::nullopt;
}

std::vector<double> numbersOf(const Tensor &tensor)
{
    std::vector<double> numbers(tensor.elements());
    decode(tensor.view(), 0, std::span<double>(numbers));
    return numbers;
}

/// Zero points as integers, none when all are zero; nothing when one is no integer.
std::optional<std::vector<std::int64_t>> zeroPointsOf(const Tensor &offset)
{
    std::vector<std::int64_t> zeroPoints;
    bool isZero = true;
    for (const double number : numbersOf(offset)) {
        constexpr double kMost = std::numeric_limits<std::int32_t>::max();
        if (std::nearbyint(number) != number || std::fabs(number) > kMost) {
            return std::nullopt;
        }
        zeroPoints.push_back(static_cast<std::int64_t>(number));
        isZero = isZero && number == 0.0;
    }
    return isZero ? std::vector<std::int64_t>{} : zeroPoints;
}
} // namespace

struct CompressedWeights::Parts
{
    const Node &node;
    const Operands &operands;

    ValueId find(std::string_view name) const
    {
        const auto found = std::find_if(operands.begin(), operands.end(),
                                        [&](const auto &entry) { return entry.first == name; });
        return found == operands.end() ? ValueId{} : found->second;
    }
};

Result<CompressedWeights::Decoded> CompressedWeights::part(const Parts &parts,
                                                           std::string_view name) const
{
    const ValueId id = parts.find(name);
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

Result<void> CompressedWeights::set(const Parts &parts, Result<Tensor> tensor, int depth)
{
    if (!tensor) {
        return tensor.error();
    }
    if (depth > kDeepest) {
        return Error{ErrorCode::Limit, "compressed weights stand on too many others"};
    }
    const ValueId output = parts.node.outputs.back();
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
                                 const std::optional<Decoded> &offset)
{
    const Value &value = m_builder.values()[data.index()];
    if (!value.constant || value.quantization || !isInteger(value.dtype) ||
        scale.elements() > kMostScales - m_scales ||
        scale.info().shape.size() != value.constant->info().shape.size()) {
        return false;
    }
    const auto layout = layoutOf(value.constant->info().shape, scale.info().shape);
    auto zeroPoints = offset ? zeroPointsOf(offset->tensor) : std::vector<std::int64_t>{};
    if (!layout || !zeroPoints) {
        return false;
    }
    auto quantization = std::make_shared<Quantization>();
    quantization->scales = numbersOf(scale);
    quantization->zeroPoints = *std::move(zeroPoints);
    quantization->axis = layout->axis;
    quantization->blockSize = layout->blockSize;
    auto tensor = value.constant->withQuantization(std::move(quantization));
    if (!tensor) {
        return false;
    }
    m_scales += scale.elements();
    m_builder.setConstant(data, *std::move(tensor));
    return true;
}

Result<void> CompressedWeights::scale(const Parts &parts, ValueId data, const Decoded &scale,
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
    if (scaled && codes == m_decoded.end() && quantize(data, scale.tensor, offset)) {
        return {};
    }
    const int depth = std::max({codes == m_decoded.end() ? 0 : codes->second.depth, scale.depth,
                                offset ? offset->depth : 0});
    return set(parts, std::move(scaled), depth + 1);
}

Result<void> CompressedWeights::affine(const Parts &parts)
{
    const auto data = part(parts, "quantized_data");
    auto scales = part(parts, "scale");
    auto zeroPoints = part(parts, "zero_point");
    if (!data || !scales) {
        return data ? scales.error() : data.error();
    }
    // One scale for the tensor or one per index of the axis, as a grid of blocks.
    Shape grid(data->tensor.info().shape.size(), 1);
    if (scales->tensor.elements() != 1) {
        const auto axis = axisOf(parts.node, "axis", grid.size());
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
        auto shaped = zeroPoints->tensor;
        if (shaped.elements() == 1 && gridded->elements() != 1) { // one for all scales
            const std::vector<double> all(gridded->elements(), numbersOf(shaped).front());
            const std::vector<float> floats(all.begin(), all.end());
            shaped = Tensor::fromFloats(grid, floats);
        }
        auto fitted = shaped.reshaped(grid);
        if (!fitted) {
            return fitted.error();
        }
        offset = Decoded{*std::move(fitted), zeroPoints->depth};
    }
    return scale(parts, parts.find("quantized_data"), {*std::move(gridded), scales->depth}, offset);
}

Result<void> CompressedWeights::palette(const Parts &parts)
{
    const auto lut = part(parts, "lut");
    if (!lut) {
        return lut.error();
    }
    Tensor table = lut->tensor;
    if (const auto shape = integersOf(parts.node, "shape"); !shape.empty()) { // iOS 16
        const auto dtype = indexType(table.elements());
        if (!dtype) {
            return badFormat(fmt::format("a palette of {} entries", table.elements()));
        }
        if (auto done = unpack(parts.find("indices"), *dtype, shape); !done) {
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
    const auto indices = part(parts, "indices");
    if (!indices) {
        return indices.error();
    }
    const auto axis = axisOf(parts.node, "vector_axis", indices->tensor.info().shape.size());
    return set(parts, paletteTensor(indices->tensor, table, axis),
               std::max(indices->depth, lut->depth) + 1);
}

Result<void> CompressedWeights::sparse(const Parts &parts)
{
    if (const auto shape = integersOf(parts.node, "shape"); !shape.empty()) { // iOS 16
        if (auto done = unpack(parts.find("mask"), DType::UInt1, shape); !done) {
            return done;
        }
    }
    const auto mask = part(parts, "mask");
    if (const auto dense = m_dense.find(parts.find("nonzero_data")); dense != m_dense.end()) {
        return set(parts, dense->second.tensor, dense->second.depth);
    }
    const auto nonzero = part(parts, "nonzero_data");
    if (!mask || !nonzero) {
        return mask ? nonzero.error() : mask.error();
    }
    return set(parts, sparseTensor(mask->tensor, nonzero->tensor),
               std::max(mask->depth, nonzero->depth) + 1);
}

Result<void> CompressedWeights::setSparse(const Parts &parts, const Decoded &mask,
                                          Result<Tensor> dense, int depth)
{
    if (!dense) {
        return dense.error();
    }
    if (depth > kDeepest || parts.node.outputs.size() != 2) {
        return badFormat("a sparse weight needs a mask and elements");
    }
    const ValueId elements = parts.node.outputs[1];
    m_decoded[parts.node.outputs[0]] = mask;
    m_dense[elements] = {*std::move(dense), depth};
    for (const ValueId output : parts.node.outputs) {
        const Value &value = m_builder.values()[output.index()];
        m_builder.setConstantWithoutData(output, value.dtype, value.shape.value_or(Shape{}));
    }
    return {};
}

Result<void> CompressedWeights::sparsePalette(const Parts &parts)
{
    const auto mask = part(parts, "indices_mask");
    const auto nonzero = part(parts, "indices_nonzero_data");
    const auto lut = part(parts, "lut");
    if (!mask || !nonzero || !lut) {
        return badFormat("its mask, indices or palette are missing");
    }
    const auto codes = sparseTensor(mask->tensor, nonzero->tensor);
    if (!codes) {
        return codes.error();
    }
    const auto dense = paletteTensor(*codes, lut->tensor, std::nullopt);
    return setSparse(parts, *mask, dense ? maskedTensor(mask->tensor, *dense) : dense,
                     std::max({mask->depth, nonzero->depth, lut->depth}) + 1);
}

Result<void> CompressedWeights::sparseScale(const Parts &parts)
{
    const auto mask = part(parts, "data_mask");
    const auto scales = part(parts, "scale");
    const auto offset = part(parts, "offset");
    if (!mask || !scales) {
        return mask ? scales.error() : mask.error();
    }
    // The elements may be those of a palette.
    const auto known = m_dense.find(parts.find("nonzero_data"));
    const auto nonzero = part(parts, "nonzero_data");
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
    return setSparse(parts, *mask, dense ? maskedTensor(mask->tensor, *dense) : dense,
                     std::max({depth, scales->depth, offset ? offset->depth : 0}) + 1);
}

Result<void> CompressedWeights::decode(const Parts &parts)
{
    const std::string &type = parts.node.opType;
    if (type == "constexpr_affine_dequantize") {
        return affine(parts);
    }
    if (type == "constexpr_blockwise_shift_scale") {
        const auto scales = part(parts, "scale");
        const auto offset = part(parts, "offset");
        const ValueId data = parts.find("data");
        if (!scales || !data.isValid()) {
            return scales ? badFormat("'data' is missing") : scales.error();
        }
        return scale(parts, data, *scales, offset ? std::optional(*offset) : std::nullopt);
    }
    if (type == "constexpr_lut_to_dense") {
        return palette(parts);
    }
    if (type == "constexpr_sparse_to_dense") {
        return sparse(parts);
    }
    if (type == "constexpr_lut_to_sparse") {
        return sparsePalette(parts);
    }
    if (type == "constexpr_sparse_blockwise_shift_scale") {
        return sparseScale(parts);
    }
    return {};
}

void CompressedWeights::apply(NodeId op, const Operands &operands)
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
