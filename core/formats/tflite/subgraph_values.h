#pragma once
#include "core/formats/copy_budget.h"
#include "core/formats/flatbuffer.h"
#include "core/formats/tflite/model_buffers.h"
#include "core/graph/graph_builder.h"

#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace syncpoint::tflite {
struct SubGraph;
} // namespace syncpoint::tflite

namespace syncpoint {

/// The tensors of one subgraph as values of one scope, made when they are first asked for. A tensor
/// is known by its index: names repeat or are missing, so values get names of their own
/// ("x", "x_2", "tensor_7").
class TfliteSubgraphValues
{
public:
    using Indices = flatbuffers::Vector<std::int32_t>;

    /// `prefix` is put before names.
    TfliteSubgraphValues(const tflite::SubGraph &graph, ScopeId scope, std::string prefix,
                         const TfliteBuffers &buffers, GraphBuilder &builder, CopyBudget &budget);

    /// To be called first: finds out which tensors are written.
    Result<void> begin();
    /// −1 is an absent value. Fails for an index that does not exist, and for data that lies
    /// outside of the file. Data and quantization that do not fit the shape become diagnostics.
    Result<ValueId> at(std::int64_t index);
    Result<std::vector<ValueId>> at(const Indices *indices);

private:
    Result<void> markWritten(const Indices *indices);
    std::string uniqueName(const tflite::Tensor &tensor, std::int64_t index);
    Result<ValueId> declare(const tflite::Tensor &tensor, std::int64_t index);
    Result<void> setQuantization(const tflite::Tensor &tensor, ValueId id);
    void setData(const tflite::Tensor &tensor, std::span<const std::byte> data, ValueId id);
    void note(ValueId id, std::string text);

    const tflite::SubGraph &m_graph;
    ScopeId m_scope;
    std::string m_prefix;
    const TfliteBuffers &m_buffers;
    GraphBuilder &m_builder;
    CopyBudget &m_budget;
    std::vector<ValueId> m_values;
    std::vector<bool> m_isWritten; ///< by an op, or as an input
    std::unordered_map<std::string_view, std::size_t> m_sameNames;
};

} // namespace syncpoint
