#pragma once
#include "core/formats/onnx/name_frame.h"
#include "core/formats/onnx/tensor_reader.h"

#include <cstddef>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace syncpoint {

/// Makes and finds the values of all frames, and says what the file knows of them.
class FrameValues
{
public:
    FrameValues(OnnxTensorReader &tensors, GraphBuilder &builder)
        : m_tensors(tensors), m_builder(builder)
    {
    }

    /// The value that `name` has in this frame itself, made when it is new; none for "".
    ValueId declare(NameFrame &frame, std::string_view name);
    /// What the name means here, also in the frames around.
    ValueId resolve(NameFrame &frame, std::string_view name);
    void declareOutputs(const std::vector<OnnxNode> &nodes, NameFrame &frame);
    Result<void> addInitializers(const OnnxGraph &graph, NameFrame &frame);
    /// Types and shapes of values that are declared; notes on others are skipped.
    void describe(const std::vector<OnnxValueInfo> &infos, const NameFrame &frame);

    /// The name that the value's op had in the PyTorch program; empty when unknown.
    std::string_view originalName(ValueId value) const;
    /// What the names of values in function calls take.
    std::size_t nameBytes() const { return m_nameBytes; }

private:
    Result<void> addConstant(NameFrame &frame, std::string_view name, DType dtype,
                             const Shape &shape, Result<std::optional<Tensor>> data);

    OnnxTensorReader &m_tensors;
    GraphBuilder &m_builder;
    std::unordered_map<ValueId, std::string_view> m_originalNames;
    std::size_t m_nameBytes = 0;
};

} // namespace syncpoint
