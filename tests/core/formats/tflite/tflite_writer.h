#pragma once
#include "core/formats/tflite/tflite_loader.h"
#include "tests/core/formats/test_files.h"

#include <cstdint>
#include <cstring>
#include <string>
#include <tflite_generated.h>
#include <utility>
#include <vector>

/// Writes TensorFlow Lite models of a few lines: what the sample models lack.
namespace syncpoint::test {

constexpr std::int32_t kFullyConnected = 9; ///< its number among the builtin operators

struct TfliteTensorSpec
{
    std::string name;
    std::vector<std::int32_t> shape;
    std::int8_t type = 0;  ///< float32; 2 int32, 5 string, 9 int8, 17 int4
    std::string data = {}; ///< of a constant
    std::vector<float> scale = {};
    std::vector<std::int64_t> zeroPoint = {};
    std::int32_t axis = 0;
    /// Scales, zero points (indices of tensors) and block size, instead of the above.
    std::vector<std::int32_t> blocks = {};
    std::vector<std::int32_t> signature = {};
    std::uint64_t dataOffset = 0; ///< in the file, instead of `data`
    std::uint64_t dataSize = 0;
};

struct TfliteOpSpec
{
    std::int32_t code = 0; ///< 32 with `custom`
    std::vector<std::int32_t> inputs;
    std::vector<std::int32_t> outputs;
    std::uint8_t optionsKind = 0;
    std::vector<std::int32_t> options = {}; ///< fields of four bytes, in order
    bool usesSecondOptions = false;
    std::string custom = {};
    std::int32_t debugIndex = -1;
};

struct TfliteSubgraphSpec
{
    std::string name;
    std::vector<TfliteTensorSpec> tensors;
    std::vector<TfliteOpSpec> ops;
    std::vector<std::int32_t> inputs;
    std::vector<std::int32_t> outputs;
};

struct TfliteSignatureSpec
{
    std::string key;
    std::uint32_t subgraph = 0;
    std::vector<std::pair<std::string, std::uint32_t>> inputs, outputs;
};

struct TfliteModelSpec
{
    std::vector<TfliteSubgraphSpec> subgraphs;
    std::vector<TfliteSignatureSpec> signatures = {};
    std::vector<std::pair<std::string, std::string>> metadata = {};
};

template <typename T>
std::string rawBytes(const std::vector<T> &values)
{
    return {reinterpret_cast<const char *>(values.data()), values.size() * sizeof(T)};
}

class TfliteWriter
{
public:
    std::string write(const TfliteModelSpec &model)
    {
        m_buffers.push_back(tflite::CreateBuffer(m_out));
        std::vector<flatbuffers::Offset<tflite::SubGraph>> subgraphs;
        for (const TfliteSubgraphSpec &subgraph : model.subgraphs) {
            subgraphs.push_back(write(subgraph));
        }
        std::vector<flatbuffers::Offset<tflite::SignatureDef>> signatures;
        for (const TfliteSignatureSpec &signature : model.signatures) {
            const auto inputs = maps(signature.inputs);
            const auto outputs = maps(signature.outputs);
            const auto key = m_out.CreateString(signature.key);
            signatures.push_back(
                tflite::CreateSignatureDef(m_out, inputs, outputs, key, 0, signature.subgraph));
        }
        std::vector<flatbuffers::Offset<tflite::Metadata>> metadata;
        for (const auto &[name, data] : model.metadata) {
            const std::uint32_t buffer = addBuffer(data, 0, 0);
            metadata.push_back(tflite::CreateMetadata(m_out, m_out.CreateString(name), buffer));
        }
        const auto description = m_out.CreateString("made by a test");
        tflite::FinishModelBuffer(
            m_out, tflite::CreateModel(
                       m_out, 3, m_out.CreateVector(m_codes), m_out.CreateVector(subgraphs),
                       description, m_out.CreateVector(m_buffers), 0, m_out.CreateVector(metadata),
                       m_out.CreateVector(signatures)));
        return {reinterpret_cast<const char *>(m_out.GetBufferPointer()), m_out.GetSize()};
    }

private:
    using Maps = std::vector<std::pair<std::string, std::uint32_t>>;

    flatbuffers::Offset<flatbuffers::Vector<flatbuffers::Offset<tflite::TensorMap>>>
    maps(const Maps &names)
    {
        std::vector<flatbuffers::Offset<tflite::TensorMap>> maps;
        for (const auto &[name, tensor] : names) {
            maps.push_back(tflite::CreateTensorMap(m_out, m_out.CreateString(name), tensor));
        }
        return m_out.CreateVector(maps);
    }

    std::uint32_t addBuffer(const std::string &data, std::uint64_t offset, std::uint64_t size)
    {
        m_out.ForceVectorAlignment(data.size(), 1, 16);
        const auto bytes =
            m_out.CreateVector(reinterpret_cast<const std::uint8_t *>(data.data()), data.size());
        m_buffers.push_back(tflite::CreateBuffer(m_out, bytes, offset, size));
        return static_cast<std::uint32_t>(m_buffers.size() - 1);
    }

    flatbuffers::Offset<tflite::QuantizationParameters> quantization(const TfliteTensorSpec &tensor)
    {
        if (!tensor.blocks.empty()) {
            const auto blocks = tflite::CreateBlockwiseQuantization(
                m_out, tensor.blocks[0], tensor.blocks[1], tensor.blocks[2]);
            return tflite::CreateQuantizationParameters(
                m_out, 0, 0, 0, 0, tflite::QuantizationDetails_BlockwiseQuantization,
                blocks.Union());
        }
        if (tensor.scale.empty()) {
            return 0;
        }
        const auto scale = m_out.CreateVector(tensor.scale);
        const auto zeroPoint = m_out.CreateVector(tensor.zeroPoint);
        return tflite::CreateQuantizationParameters(
            m_out, 0, 0, scale, zeroPoint, tflite::QuantizationDetails_NONE, 0, tensor.axis);
    }

    flatbuffers::Offset<tflite::Tensor> write(const TfliteTensorSpec &tensor)
    {
        const std::uint32_t buffer =
            tensor.data.empty() && tensor.dataOffset == 0
                ? 0
                : addBuffer(tensor.data, tensor.dataOffset, tensor.dataSize);
        const auto parameters = quantization(tensor);
        const auto shape = m_out.CreateVector(tensor.shape);
        const auto signature = m_out.CreateVector(tensor.signature);
        const auto name = m_out.CreateString(tensor.name);
        return tflite::CreateTensor(m_out, shape, tensor.type, buffer, name, parameters, false, 0,
                                    signature);
    }

    flatbuffers::Offset<tflite::Operator> write(const TfliteOpSpec &op)
    {
        const auto inputs = m_out.CreateVector(op.inputs);
        const auto outputs = m_out.CreateVector(op.outputs);
        const auto start = m_out.StartTable();
        for (std::size_t i = 0; i < op.options.size(); ++i) {
            m_out.AddElement<std::int32_t>(static_cast<flatbuffers::voffset_t>(4 + 2 * i),
                                           op.options[i], -77);
        }
        const flatbuffers::Offset<tflite::Options> options(m_out.EndTable(start));
        const auto custom = m_out.CreateString(op.custom);
        m_codes.push_back(tflite::CreateOperatorCode(
            m_out, static_cast<std::int8_t>(std::min(op.code, 127)), custom, 1, op.code));
        tflite::OperatorBuilder builder(m_out);
        builder.add_opcode_index(static_cast<std::uint32_t>(m_codes.size() - 1));
        builder.add_inputs(inputs);
        builder.add_outputs(outputs);
        if (op.usesSecondOptions) {
            builder.add_options_2_kind(op.optionsKind);
            builder.add_options_2(options);
        } else if (op.optionsKind != 0) {
            builder.add_options_kind(op.optionsKind);
            builder.add_options(options);
        }
        builder.add_debug_metadata_index(op.debugIndex);
        return builder.Finish();
    }

    flatbuffers::Offset<tflite::SubGraph> write(const TfliteSubgraphSpec &subgraph)
    {
        std::vector<flatbuffers::Offset<tflite::Tensor>> tensors;
        for (const TfliteTensorSpec &tensor : subgraph.tensors) {
            tensors.push_back(write(tensor));
        }
        std::vector<flatbuffers::Offset<tflite::Operator>> ops;
        for (const TfliteOpSpec &op : subgraph.ops) {
            ops.push_back(write(op));
        }
        const auto inputs = m_out.CreateVector(subgraph.inputs);
        const auto outputs = m_out.CreateVector(subgraph.outputs);
        const auto name = m_out.CreateString(subgraph.name);
        return tflite::CreateSubGraph(m_out, m_out.CreateVector(tensors), inputs, outputs,
                                      m_out.CreateVector(ops), name, 0);
    }

    flatbuffers::FlatBufferBuilder m_out;
    std::vector<flatbuffers::Offset<tflite::Buffer>> m_buffers;
    std::vector<flatbuffers::Offset<tflite::OperatorCode>> m_codes;
};

inline std::string written(const TfliteModelSpec &model)
{
    return TfliteWriter().write(model);
}

inline Result<std::shared_ptr<const Graph>> loadTflite(const std::filesystem::path &path)
{
    return makeTfliteLoader()->load(path, JobContext());
}
inline Result<std::shared_ptr<const Graph>> loadTfliteBytes(const std::string &bytes)
{
    const TemporaryFolder folder;
    writeFile(folder / "model.tflite", bytes);
    return loadTflite(folder / "model.tflite");
}

} // namespace syncpoint::test
