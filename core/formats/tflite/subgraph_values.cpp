#include "core/formats/tflite/subgraph_values.h"

#include "core/formats/tflite/quantization.h"
#include "core/formats/tflite/tensor_types.h"

#include <algorithm>
#include <fmt/format.h>
#include <tflite_generated.h>

namespace syncpoint {

namespace {
/// Extents with −1 for unknown ones; nothing when not even the rank is known.
std::optional<Shape> declaredShape(const tflite::Tensor &tensor)
{
    const bool hasSignature = countOf(tensor.shape_signature()) > 0;
    const auto *stored = hasSignature ? tensor.shape_signature() : tensor.shape();
    if (stored == nullptr && !tensor.has_rank()) {
        return std::nullopt;
    }
    Shape shape = numbersOf<std::int64_t>(stored);
    for (std::int64_t &extent : shape) {
        extent = std::max<std::int64_t>(extent, -1);
    }
    return shape;
}

bool isFullyKnown(const Shape &shape)
{
    return std::all_of(shape.begin(), shape.end(), [](std::int64_t extent) { return extent >= 0; });
}
} // namespace

TfliteSubgraphValues::TfliteSubgraphValues(const tflite::SubGraph &graph, ScopeId scope,
                                           std::string prefix, const TfliteBuffers &buffers,
                                           GraphBuilder &builder, CopyBudget &budget)
    : m_graph(graph), m_scope(scope), m_prefix(std::move(prefix)), m_buffers(buffers),
      m_builder(builder), m_budget(budget)
{
}

Result<void> TfliteSubgraphValues::begin()
{
    // A body that many ops run costs its size every time.
    const std::size_t size = countOf(m_graph.tensors()) + countOf(m_graph.operators());
    if (auto taken = m_budget.take(size, 0); !taken) {
        return taken;
    }
    m_values.resize(countOf(m_graph.tensors()));
    m_isWritten.resize(m_values.size());
    for (std::uint32_t i = 0; i < countOf(m_graph.operators()); ++i) {
        if (auto marked = markWritten(m_graph.operators()->Get(i)->outputs()); !marked) {
            return marked;
        }
    }
    return markWritten(m_graph.inputs());
}

Result<void> TfliteSubgraphValues::markWritten(const Indices *indices)
{
    for (std::uint32_t i = 0; i < countOf(indices); ++i) {
        const std::int32_t index = indices->Get(i);
        if (index >= 0 && static_cast<std::size_t>(index) < m_isWritten.size()) {
            m_isWritten[static_cast<std::size_t>(index)] = true;
        }
    }
    return m_budget.take(countOf(indices), 0);
}

void TfliteSubgraphValues::note(ValueId id, std::string text)
{
    m_builder.addDiagnostic(
        {Diagnostic::Severity::Warning, m_builder.edit(id).name, std::move(text)});
}

Result<std::vector<ValueId>> TfliteSubgraphValues::at(const Indices *indices)
{
    if (auto taken = m_budget.take(countOf(indices), 0); !taken) {
        return taken.error();
    }
    std::vector<ValueId> values;
    for (std::uint32_t i = 0; i < countOf(indices); ++i) {
        const auto value = at(indices->Get(i));
        if (!value) {
            return value.error();
        }
        values.push_back(*value);
    }
    return values;
}

Result<ValueId> TfliteSubgraphValues::at(std::int64_t index)
{
    if (index == -1) {
        return ValueId{};
    }
    if (index < 0 || static_cast<std::size_t>(index) >= m_values.size()) {
        return Error{ErrorCode::BadFormat,
                     fmt::format("tensor {} of {} does not exist", index, m_values.size())};
    }
    ValueId &known = m_values[static_cast<std::size_t>(index)];
    if (!known.isValid()) {
        const auto *tensor = m_graph.tensors()->Get(static_cast<std::uint32_t>(index));
        const auto made = declare(*tensor, index);
        if (!made) {
            return made.error().withContext(fmt::format("tensor {}", index));
        }
        known = *made;
    }
    return known;
}

std::string TfliteSubgraphValues::uniqueName(const tflite::Tensor &tensor, std::int64_t index)
{
    const std::string_view own = textOf(tensor.name());
    const std::string wanted =
        m_prefix + (own.empty() ? fmt::format("tensor_{}", index) : std::string(own));
    std::string name = wanted;
    for (std::size_t &count = m_sameNames[own]; m_builder.findLocalValue(m_scope, name);) {
        name = fmt::format("{}_{}", wanted, ++count + 1);
    }
    return name;
}

Result<ValueId> TfliteSubgraphValues::declare(const tflite::Tensor &tensor, std::int64_t index)
{
    const std::size_t listed = countOf(tensor.shape()) + countOf(tensor.shape_signature());
    if (auto taken = m_budget.take(listed, textOf(tensor.name()).size() + m_prefix.size());
        !taken) {
        return taken.error();
    }
    const ValueId id = m_builder.localValue(m_scope, uniqueName(tensor, index));
    Value &value = m_builder.edit(id);
    value.dtype = dtypeOfTflite(tensor.type());
    value.shape = declaredShape(tensor);
    if (auto set = setQuantization(tensor, id); !set) {
        return set.error();
    }
    if (m_isWritten[static_cast<std::size_t>(index)]) {
        return id;
    }
    const auto data = m_buffers.bytes(tensor.buffer());
    if (!data) {
        return data.error();
    }
    setData(tensor, *data, id);
    return id;
}

Result<void> TfliteSubgraphValues::setQuantization(const tflite::Tensor &tensor, ValueId id)
{
    const auto quantization = quantizationOf(tensor, m_graph, m_buffers);
    if (!quantization) {
        note(id, quantization.error().message);
        return {};
    }
    if (!*quantization) {
        return {};
    }
    const Quantization &parameters = **quantization;
    if (auto taken = m_budget.take(parameters.scales.size() + parameters.zeroPoints.size(), 0);
        !taken) {
        return taken;
    }
    Value &value = m_builder.edit(id);
    const bool isCheckable = value.shape && isFullyKnown(*value.shape);
    const auto fits = isCheckable ? checkQuantization(parameters, *value.shape) : Result<void>{};
    if (fits) {
        value.quantization = *quantization;
    } else {
        note(id, fits.error().message);
    }
    return {};
}

void TfliteSubgraphValues::setData(const tflite::Tensor &tensor, std::span<const std::byte> data,
                                   ValueId id)
{
    const Value &value = m_builder.edit(id);
    const TensorInfo info{value.dtype, numbersOf<std::int64_t>(tensor.shape()), value.quantization};
    if (data.empty() && elementCount(info.shape) != 0) {
        // A state that starts with zeros, or scratch memory of an accelerator.
        m_builder.setConstantWithoutData(id, info.dtype, info.shape);
        if (tensor.external_buffer() != 0) {
            note(id, "its data lies in another file, which is not read");
        }
        return;
    }
    auto constant = tensor.sparsity() == nullptr
                        ? m_buffers.constant(info, data)
                        : Error{ErrorCode::Unsupported, "sparse storage is not read"};
    if (constant) {
        m_builder.setConstant(id, std::move(constant).value());
    } else {
        m_builder.setConstantWithoutData(id, info.dtype, info.shape);
        note(id, "its data is not shown: " + constant.error().message);
    }
}

} // namespace syncpoint
