#pragma once
#include "core/formats/onnx/onnx_proto.h"
#include "core/formats/protobuf_cursor.h"

#include <cstddef>
#include <string_view>
#include <vector>

namespace syncpoint {

/// Reads messages of one ONNX file into views of its bytes. Every read…() fills in place and
/// returns what is wrong; limits are those of onnx_parser.h.
class OnnxMessages
{
public:
    explicit OnnxMessages(std::string_view file) : m_file(file) {}

    Result<void> read(std::string_view message, OnnxModel &model);
    Result<void> read(std::string_view message, OnnxTensor &tensor);

private:
    using Void = Result<void>;

    Void read(std::string_view message, OnnxOpset &opset);
    Void read(std::string_view message, OnnxFunction &function);
    Void read(std::string_view message, OnnxGraph &graph);
    Void read(std::string_view message, OnnxQuantizationAnnotation &annotation);
    Void read(std::string_view message, OnnxNode &node);
    Void read(std::string_view message, OnnxAttribute &attribute);
    Void readBody(std::string_view message, OnnxAttribute &attribute);
    /// Appends an element and reads it; the error says which one: "node 17 'conv1'".
    template <typename T>
    Void append(std::vector<T> &list, std::string_view message, std::string_view what);

    Void read(std::string_view message, OnnxSparseTensor &tensor);
    Void read(std::string_view message, OnnxValueInfo &info);
    Void readType(std::string_view message, OnnxValueInfo &info);
    Void readTensorType(std::string_view message, OnnxValueInfo &info);
    Void readShape(std::string_view message, OnnxValueInfo &info);
    Void readDimension(std::string_view message, std::int64_t &extent);
    Void readEntry(std::string_view message, OnnxEntries &entries);
    Void count();

    ProtobufFile m_file;
    std::size_t m_messages = 0;
    int m_depth = 0; ///< of subgraphs
};

} // namespace syncpoint
