#include "compare/align/weight_sample.h"
#include "compare/align/channel_blocks.h"
#include "compare/align/packed_weight.h"
#include "compare/align/stored_weight.h"
#include "core/tensor/decode.h"

#include <algorithm>
#include <cmath>
#include <numeric>

namespace syncpoint {
namespace {

constexpr std::size_t kMostRows = 16;
constexpr std::size_t kMostColumns = 48;

/// Of a product: whether its second operand is (ONNX: 1, OpenVINO: "true").
bool isTransposed(const Node &node)
{
    for (const std::string_view name : {"transB", "transpose_b"}) {
        if (const Attribute *attribute = node.findAttribute(name)) {
            const auto *flag = std::get_if<std::int64_t>(&attribute->data);
            const auto *text = std::get_if<std::string>(&attribute->data);
            return flag != nullptr ? *flag != 0 : text != nullptr && *text == "true";
        }
    }
    return false;
}

/// Which axis of an op's weight counts its output channels, by the operator's definition (ONNX,
/// TFLite, ATen); elementwise operands have none.
std::optional<std::size_t> channelAxis(const Node &node, std::size_t rank)
{
    const OpFamily *family = opFamilyOf(node);
    if (family == nullptr || rank < 2) {
        return std::nullopt;
    }
    if (family->name == "matmul" || family->name == "fused_matmul") {
        return isTransposed(node) ? rank - 2 : rank - 1;
    }
    if (family->name == "gemm") {
        const bool isOnnx = node.opType.find("Gemm") != std::string::npos;
        return isOnnx && !isTransposed(node) ? rank - 1 : 0;
    }
    if (family->name == "conv_transpose") {
        return node.opType == "TRANSPOSE_CONV" ? 0 : 1;
    }
    if (node.opType == "DEPTHWISE_CONV_2D") {
        return rank - 1;
    }
    if (family->name == "conv" || family->name == "embedding" || family->name == "lstm" ||
        family->name == "gru" || family->name == "rnn") {
        return 0;
    }
    return std::nullopt;
}

/// Evenly spread positions, or all.
std::vector<std::uint64_t> spread(std::uint64_t count, std::size_t most)
{
    std::vector<std::uint64_t> positions;
    const std::uint64_t taken = std::min<std::uint64_t>(count, most);
    for (std::uint64_t i = 0; i < taken; ++i) {
        // The middle of each stretch, shifted a little so that no period of the data is hit.
        positions.push_back((i * count + (i * 7919 % taken) * count / (taken * taken + 1)) / taken %
                            count);
    }
    return positions;
}

std::uint64_t offsetOf(std::uint64_t position, std::span<const std::int64_t> shape,
                       std::span<const std::int64_t> strides)
{
    std::uint64_t offset = 0;
    for (std::size_t i = shape.size(); i-- > 0;) {
        const auto extent = static_cast<std::uint64_t>(shape[i]);
        offset += position % extent * static_cast<std::uint64_t>(strides[i]);
        position /= extent;
    }
    return offset;
}

} // namespace

std::optional<WeightOperand> WeightOperand::of(const GraphSide &side, NodeId id)
{
    const Node &node = side.graph.node(id);
    if (packedElements(node)) {
        return ofPacked(side, id);
    }
    std::optional<WeightOperand> best;
    std::uint64_t largest = 1;
    std::size_t slot = 0;
    for (std::size_t i = 0; i < node.inputs.size(); ++i) {
        const ValueId input = node.inputs[i];
        if (!input.isValid() ||
            side.classes[side.classes.classOf(input)].kind != ValueClass::Kind::Constant) {
            continue;
        }
        auto stored = storedWeight(side.graph, input);
        const auto elements = stored ? elementCount(stored->shape) : std::nullopt;
        if (!elements || *elements <= largest) {
            continue;
        }
        largest = *elements;
        slot = i;
        best = WeightOperand{};
        best->m_graph = &side.graph;
        best->m_operand = input;
        best->m_stored = stored->value;
        best->m_shape = std::move(stored->shape);
        best->m_strides = std::move(stored->strides);
    }
    if (best) {
        best->orderAxes(node, slot);
    }
    return best;
}

void WeightOperand::orderAxes(const Node &node, std::size_t slot)
{
    auto channels = channelAxis(node, m_shape.size());
    const OpFamily *family = opFamilyOf(node);
    if (channels && slot == 0 && family->name == "matmul") { // the weight stands on the left
        channels = m_shape.size() - 2;
    }
    std::vector<std::size_t> axes;
    if (channels) {
        axes.push_back(*channels);
    }
    for (std::size_t i = 0; i < m_shape.size(); ++i) {
        if (i != channels && (channels || m_shape[i] != 1)) {
            axes.push_back(i);
        }
    }
    m_shape = reordered(m_shape, axes);
    m_strides = reordered(m_strides, axes);
    m_isMatrix = channels && m_shape.front() > 1;
}

std::optional<WeightOperand> WeightOperand::ofPacked(const GraphSide &side, NodeId id)
{
    const Node &node = side.graph.node(id);
    WeightOperand result;
    result.m_undone = unpackedWeight(side.graph, node);
    if (!result.m_undone) {
        return std::nullopt;
    }
    result.m_graph = &side.graph;
    result.m_operand = result.m_stored = node.inputs[1];
    result.m_shape = result.m_undone->info().shape;
    result.m_strides = rowMajor(result.m_shape);
    result.orderAxes(node, 1);
    return result;
}

std::optional<WeightOperand> WeightOperand::withoutBlocks(std::size_t block) const
{
    WeightOperand result = *this;
    result.m_undone = filterWithoutBlocks(*m_graph->value(m_stored).constant, block);
    if (!result.m_undone) {
        return std::nullopt;
    }
    result.m_shape = result.m_undone->info().shape; // a filter has its output channels first
    result.m_strides = rowMajor(result.m_shape);
    result.m_isMatrix = result.m_shape.front() > 1;
    return result;
}

TensorView WeightOperand::data() const
{
    if (m_undone) {
        return m_undone->view();
    }
    TensorView view = m_graph->value(m_stored).constant->view();
    if (view.quantization == nullptr) {
        view.quantization = m_graph->value(m_stored).quantization.get();
    }
    return view;
}

Shape WeightOperand::extents() const
{
    return m_shape;
}

std::optional<WeightSample> WeightOperand::sample(std::span<const std::size_t> axes) const
{
    return axes.empty() ? sampled(m_shape, m_strides, 0)
                        : sampled(reordered(m_shape, axes), reordered(m_strides, axes), 0);
}

std::optional<WeightSample> WeightOperand::sampleChannels(std::uint64_t first,
                                                          std::uint64_t count) const
{
    if (!m_isMatrix || first + count > static_cast<std::uint64_t>(m_shape.front())) {
        return std::nullopt;
    }
    Shape extents = m_shape;
    extents.front() = static_cast<std::int64_t>(count);
    return sampled(std::move(extents), m_strides, first);
}

std::optional<WeightSample> WeightOperand::sampled(Shape extents,
                                                   const std::vector<std::int64_t> &strides,
                                                   std::uint64_t firstRow) const
{
    WeightSample result;
    result.operand = m_operand;
    result.isMatrix = m_isMatrix;
    result.extents = std::move(extents);
    const auto count = elementCount(result.extents).value_or(0);
    if (count == 0 || result.extents.empty()) {
        return std::nullopt;
    }
    const std::uint64_t channels =
        m_isMatrix ? static_cast<std::uint64_t>(result.extents.front()) : 1;
    const auto rows = spread(channels, kMostRows);
    const auto columns = spread(count / channels, m_isMatrix ? kMostColumns : 4 * kMostColumns);
    const TensorView view = data();
    result.hasLengths = isFloat(view.dtype) || view.quantization != nullptr;
    const std::span inner = m_isMatrix ? std::span<const std::int64_t>(result.extents).subspan(1)
                                       : std::span<const std::int64_t>(result.extents);
    const std::span innerStrides = m_isMatrix ? std::span<const std::int64_t>(strides).subspan(1)
                                              : std::span<const std::int64_t>(strides);
    std::vector<std::uint64_t> offsets;
    for (const std::uint64_t column : columns) {
        offsets.push_back(offsetOf(column, inner, innerStrides));
    }
    result.rows = rows.size();
    result.columns = columns.size();
    result.values.reserve(result.rows * result.columns);
    bool varies = false;
    for (const std::uint64_t row : rows) {
        const std::uint64_t start =
            m_isMatrix ? (firstRow + row) * static_cast<std::uint64_t>(strides.front()) : 0;
        double square = 0.0;
        for (const std::uint64_t offset : offsets) {
            float value = 0.0F;
            decode(view, start + offset, std::span(&value, 1));
            if (!std::isfinite(value)) {
                return std::nullopt;
            }
            result.values.push_back(value);
            square += double{value} * double{value};
            varies = varies || value != result.values.front();
        }
        result.lengths.push_back(static_cast<float>(std::sqrt(square)));
    }
    if (!varies) {
        return std::nullopt;
    }
    for (std::size_t i = 0; m_isMatrix && i < result.values.size(); ++i) {
        const float length = result.lengths[i / result.columns];
        result.values[i] = length > 0.0F ? result.values[i] / length : 0.0F;
    }
    return result;
}

} // namespace syncpoint
