#pragma once
#include <cstdint>
#include <memory>
#include <optional>
#include <string_view>
#include <vector>

/// The messages of an ONNX file as views of its bytes: what is written, nothing interpreted. They
/// live as long as the mapped file. Source: onnx.proto of the ONNX project (IR 3 to 14).
namespace syncpoint {

struct OnnxEntry
{
    std::string_view key;
    std::string_view value;
};
using OnnxEntries = std::vector<OnnxEntry>;

/// The value under `key`; empty when there is none.
std::string_view findEntry(const OnnxEntries &entries, std::string_view key);

/// As much of a name as an error shows.
inline std::string_view shortName(std::string_view name)
{
    return name.substr(0, 80);
}

struct OnnxTensor
{
    std::string_view name;
    std::vector<std::int64_t> dims;
    std::int64_t dataType = 0;
    std::optional<std::string_view> rawData;
    bool isExternal = false;
    bool isSegment = false;
    OnnxEntries externalData;
    std::string_view
        message; ///< the whole message: typed data fields are decoded from it on demand
};

struct OnnxSparseTensor
{
    OnnxTensor values;
    OnnxTensor indices;
    std::vector<std::int64_t> dims;
};

struct OnnxValueInfo
{
    std::string_view name;
    std::int64_t elementType = 0;                   ///< 0 for sequences, maps and the like
    std::optional<std::vector<std::int64_t>> shape; ///< −1 for a symbolic or unknown extent
    OnnxEntries metadata;
};

struct OnnxGraph;

struct OnnxAttribute
{
    enum class Type {
        Undefined,
        Float,
        Int,
        String,
        Tensor,
        Graph,
        Floats,
        Ints,
        Strings,
        Tensors,
        Graphs,
        SparseTensor,
        SparseTensors,
        TypeProto,
        TypeProtos
    };
    std::string_view name;
    std::string_view referenced; ///< ref_attr_name: an attribute of the calling op
    Type type = Type::Undefined;
    double f = 0.0;
    std::int64_t i = 0;
    std::string_view s;
    std::vector<double> floats;
    std::vector<std::int64_t> ints;
    std::vector<std::string_view> strings;
    std::vector<OnnxTensor> tensors;                      ///< `t` and `tensors`
    std::vector<OnnxSparseTensor> sparse;                 ///< `sparse_tensor`
    std::vector<std::shared_ptr<const OnnxGraph>> graphs; ///< `g` and `graphs`
};

struct OnnxNode
{
    std::string_view name, opType, domain, overload, docString;
    std::vector<std::string_view> inputs;
    std::vector<std::string_view> outputs;
    std::vector<OnnxAttribute> attributes;
    OnnxEntries metadata;
};

struct OnnxQuantizationAnnotation
{
    std::string_view tensor;
    OnnxEntries parameters; ///< SCALE_TENSOR, ZERO_POINT_TENSOR → names of initializers
};

struct OnnxGraph
{
    std::string_view name;
    std::vector<OnnxNode> nodes;
    std::vector<OnnxTensor> initializers;
    std::vector<OnnxSparseTensor> sparseInitializers;
    std::vector<OnnxValueInfo> inputs, outputs, valueInfo;
    std::vector<OnnxQuantizationAnnotation> quantization;
    OnnxEntries metadata;
};

struct OnnxOpset
{
    std::string_view domain;
    std::int64_t version = 0;
};

struct OnnxFunction
{
    std::string_view name, domain, overload;
    std::vector<std::string_view> inputs, outputs;
    std::vector<OnnxAttribute> defaults;
    std::vector<OnnxNode> nodes;
    std::vector<OnnxValueInfo> valueInfo;
};

struct OnnxModel
{
    std::int64_t irVersion = 0;
    std::int64_t modelVersion = 0;
    std::string_view producer, producerVersion, domain;
    std::vector<OnnxOpset> opsets;
    std::vector<OnnxFunction> functions;
    OnnxEntries metadata;
    OnnxGraph graph;
    bool hasGraph = false;
};

} // namespace syncpoint
