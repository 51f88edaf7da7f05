#include "core/formats/onnx/frame_values.h"

#include "core/formats/onnx/onnx_types.h"

#include <fmt/format.h>

namespace syncpoint {

ValueId FrameValues::declare(NameFrame &frame, std::string_view name)
{
    if (name.empty()) {
        return {};
    }
    if (const auto known = frame.names.find(name); known != frame.names.end()) {
        return known->second;
    }
    std::string full = frame.prefix + std::string(name);
    if (!frame.prefix.empty()) {
        const std::string wanted = full;
        for (int i = 2; m_builder.findLocalValue(frame.scope, full); ++i) {
            full = fmt::format("{}_{}", wanted, i);
        }
        m_nameBytes += full.size();
    }
    const ValueId id = m_builder.localValue(frame.scope, full);
    frame.names.emplace(name, id);
    return id;
}

ValueId FrameValues::resolve(NameFrame &frame, std::string_view name)
{
    if (name.empty()) {
        return {};
    }
    if (const auto found = frame.find(name)) {
        return *found;
    }
    return declare(frame, name);
}

void FrameValues::declareOutputs(const std::vector<OnnxNode> &nodes, NameFrame &frame)
{
    for (const OnnxNode &node : nodes) {
        for (const std::string_view output : node.outputs) {
            declare(frame, output);
        }
    }
}

Result<void> FrameValues::addConstant(NameFrame &frame, std::string_view name, DType dtype,
                                      const Shape &shape, Result<std::optional<Tensor>> data)
{
    if (!data) {
        return data.error().withContext(fmt::format("initializer '{}'", shortName(name)));
    }
    const ValueId value = declare(frame, name);
    if (!value.isValid()) {
        return {}; // nobody can refer to it
    }
    if (*data) {
        m_builder.setConstant(value, std::move(**data));
    } else {
        m_builder.setConstantWithoutData(value, dtype, shape);
    }
    return {};
}

Result<void> FrameValues::addInitializers(const OnnxGraph &graph, NameFrame &frame)
{
    for (const OnnxTensor &proto : graph.initializers) {
        auto added = addConstant(frame, proto.name, dtypeOfOnnx(proto.dataType), proto.dims,
                                 m_tensors.read(proto));
        if (!added) {
            return added;
        }
    }
    for (const OnnxSparseTensor &proto : graph.sparseInitializers) {
        auto added = addConstant(frame, proto.values.name, dtypeOfOnnx(proto.values.dataType),
                                 proto.dims, m_tensors.readSparse(proto));
        if (!added) {
            return added;
        }
    }
    return {};
}

void FrameValues::describe(const std::vector<OnnxValueInfo> &infos, const NameFrame &frame)
{
    for (const OnnxValueInfo &info : infos) {
        const auto known = frame.names.find(info.name);
        if (known == frame.names.end() || !known->second.isValid()) {
            continue; // notes on values that are not there
        }
        Value &value = m_builder.edit(known->second);
        if (value.dtype == DType::Undefined) {
            value.dtype = dtypeOfOnnx(info.elementType);
        }
        if (!value.shape) {
            value.shape = info.shape;
        }
        const auto original = findEntry(info.metadata, "pkg.torch.onnx.original_node_name");
        if (!original.empty()) {
            m_originalNames.emplace(known->second, original);
        }
    }
}

std::string_view FrameValues::originalName(ValueId value) const
{
    const auto found = m_originalNames.find(value);
    return found == m_originalNames.end() ? std::string_view{} : found->second;
}

} // namespace syncpoint
