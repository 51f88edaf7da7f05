#include "core/formats/onnx/onnx_parser.h"

#include "core/formats/protobuf_cursor.h"

#include <algorithm>
#include <fmt/format.h>

namespace syncpoint {

namespace {
constexpr int kDeepestSubgraph = 64;
constexpr std::size_t kMostMessages = std::size_t{16} << 20U;
constexpr std::size_t kHighestRank = 1024;
constexpr std::size_t kLongestNameInError = 80;

std::string_view shortName(std::string_view name)
{
    return name.substr(0, kLongestNameInError);
}

/// Reads messages of one file. Every read…() appends or fills in place and returns what is wrong.
class Parser
{
public:
    explicit Parser(std::string_view file) : m_file(file) {}

    Result<void> readModel(std::string_view message, OnnxModel &model);
    Result<void> readTensor(std::string_view message, OnnxTensor &tensor);

private:
    using Void = Result<void>;

    Void readGraph(std::string_view message, OnnxGraph &graph, int depth);
    Void readNode(std::string_view message, OnnxNode &node, int depth);
    Void readAttribute(std::string_view message, OnnxAttribute &attribute, int depth);
    Void readSparseTensor(std::string_view message, OnnxSparseTensor &tensor);
    Void readValueInfo(std::string_view message, OnnxValueInfo &info);
    Void readType(std::string_view message, OnnxValueInfo &info);
    Void readTensorType(std::string_view message, OnnxValueInfo &info);
    Void readShape(std::string_view message, OnnxValueInfo &info);
    Void readDimension(std::string_view message, std::int64_t &extent);
    Void readFunction(std::string_view message, OnnxFunction &function);
    Void readEntry(std::string_view message, OnnxEntries &entries);
    Void readOpset(std::string_view message, OnnxOpset &opset);
    Void readAnnotation(std::string_view message, OnnxQuantizationAnnotation &annotation);

    Void end(const ProtobufCursor &cursor, std::string_view message) const
    {
        if (!cursor.failed()) {
            return {};
        }
        const auto offset =
            static_cast<std::size_t>(message.data() - m_file.data()) + cursor.position();
        return Error{ErrorCode::BadFormat,
                     fmt::format("damaged or cut off at byte {} of {}", offset, m_file.size())};
    }
    Void count()
    {
        if (++m_messages > kMostMessages) {
            return Error{ErrorCode::Limit, "the file holds more than 16 million messages"};
        }
        return {};
    }
    /// Appends an element and reads it; the error says which one: "node 17 'conv1'".
    template <typename T, typename Read>
    Void append(std::vector<T> &list, std::string_view message, std::string_view what, Read read)
    {
        if (auto within = count(); !within) {
            return within;
        }
        T &item = list.emplace_back();
        auto done = read(message, item);
        if (!done) {
            return done.error().withContext(place(what, list.size() - 1, item));
        }
        return {};
    }
    template <typename T>
    static std::string place(std::string_view what, std::size_t index, const T &item)
    {
        if constexpr (requires { item.name; }) {
            if (!item.name.empty()) {
                return fmt::format("{} {} '{}'", what, index, shortName(item.name));
            }
        }
        return fmt::format("{} {}", what, index);
    }

    std::string_view m_file;
    std::size_t m_messages = 0;
};

Result<void> Parser::readEntry(std::string_view message, OnnxEntries &entries)
{
    if (auto within = count(); !within) {
        return within;
    }
    OnnxEntry &entry = entries.emplace_back();
    ProtobufCursor cursor(message);
    while (cursor.next()) {
        switch (cursor.field()) {
        case bytesField(1):
            entry.key = cursor.bytes();
            break;
        case bytesField(2):
            entry.value = cursor.bytes();
            break;
        default:
            break;
        }
    }
    return end(cursor, message);
}

Result<void> Parser::readTensor(std::string_view message, OnnxTensor &tensor)
{
    tensor.message = message;
    Void status;
    ProtobufCursor cursor(message);
    while (status && cursor.next()) {
        switch (cursor.field()) {
        case varintField(1):
            tensor.dims.push_back(cursor.integer());
            break;
        case bytesField(1):
            cursor.packedVarints(tensor.dims);
            break;
        case varintField(2):
            tensor.dataType = cursor.integer();
            break;
        case bytesField(3):
            tensor.isSegment = true;
            break;
        case bytesField(8):
            tensor.name = cursor.bytes();
            break;
        case bytesField(9):
            tensor.rawData = cursor.bytes();
            break;
        case bytesField(13):
            status = readEntry(cursor.bytes(), tensor.externalData);
            break;
        case varintField(14):
            tensor.isExternal = cursor.varint() == 1;
            break;
        default:
            break;
        }
        if (tensor.dims.size() > kHighestRank) {
            return Error{ErrorCode::Limit, fmt::format("more than {} dimensions", kHighestRank)};
        }
    }
    return status ? end(cursor, message) : status;
}

Result<void> Parser::readSparseTensor(std::string_view message, OnnxSparseTensor &tensor)
{
    Void status;
    ProtobufCursor cursor(message);
    while (status && cursor.next()) {
        switch (cursor.field()) {
        case bytesField(1):
            status = readTensor(cursor.bytes(), tensor.values);
            break;
        case bytesField(2):
            status = readTensor(cursor.bytes(), tensor.indices);
            break;
        case varintField(3):
            tensor.dims.push_back(cursor.integer());
            break;
        case bytesField(3):
            cursor.packedVarints(tensor.dims);
            break;
        default:
            break;
        }
        if (tensor.dims.size() > kHighestRank) {
            return Error{ErrorCode::Limit, fmt::format("more than {} dimensions", kHighestRank)};
        }
    }
    return status ? end(cursor, message) : status;
}

Result<void> Parser::readDimension(std::string_view message, std::int64_t &extent)
{
    ProtobufCursor cursor(message);
    while (cursor.next()) {
        if (cursor.field() == varintField(1)) {
            extent = cursor.integer();
        }
    }
    return end(cursor, message);
}

Result<void> Parser::readShape(std::string_view message, OnnxValueInfo &info)
{
    auto &shape = info.shape.emplace();
    Void status;
    ProtobufCursor cursor(message);
    while (status && cursor.next()) {
        if (cursor.field() == bytesField(1)) {
            if (shape.size() == kHighestRank) {
                return Error{ErrorCode::Limit,
                             fmt::format("more than {} dimensions", kHighestRank)};
            }
            std::int64_t &extent = shape.emplace_back(-1);
            status = readDimension(cursor.bytes(), extent);
            extent = std::max<std::int64_t>(extent, -1);
        }
    }
    return status ? end(cursor, message) : status;
}

Result<void> Parser::readTensorType(std::string_view message, OnnxValueInfo &info)
{
    Void status;
    ProtobufCursor cursor(message);
    while (status && cursor.next()) {
        if (cursor.field() == varintField(1)) {
            info.elementType = cursor.integer();
        } else if (cursor.field() == bytesField(2)) {
            status = readShape(cursor.bytes(), info);
        }
    }
    return status ? end(cursor, message) : status;
}

Result<void> Parser::readType(std::string_view message, OnnxValueInfo &info)
{
    Void status;
    ProtobufCursor cursor(message);
    while (status && cursor.next()) {
        if (cursor.field() == bytesField(1)) {
            status = readTensorType(cursor.bytes(), info);
        }
    }
    return status ? end(cursor, message) : status;
}

Result<void> Parser::readValueInfo(std::string_view message, OnnxValueInfo &info)
{
    Void status;
    ProtobufCursor cursor(message);
    while (status && cursor.next()) {
        switch (cursor.field()) {
        case bytesField(1):
            info.name = cursor.bytes();
            break;
        case bytesField(2):
            status = readType(cursor.bytes(), info);
            break;
        case bytesField(4):
            status = readEntry(cursor.bytes(), info.metadata);
            break;
        default:
            break;
        }
    }
    return status ? end(cursor, message) : status;
}

OnnxAttribute::Type attributeType(std::int64_t number)
{
    const bool isKnown =
        number >= 0 && number <= static_cast<std::int64_t>(OnnxAttribute::Type::TypeProtos);
    return isKnown ? static_cast<OnnxAttribute::Type>(number) : OnnxAttribute::Type::Undefined;
}

Result<void> Parser::readAttribute(std::string_view message, OnnxAttribute &attribute, int depth)
{
    using Type = OnnxAttribute::Type;
    Type seen = Type::Undefined; // files of IR versions before 2 do not write the type
    const auto tensor = [this](std::string_view m, OnnxTensor &t) { return readTensor(m, t); };
    const auto readBody = [&](std::string_view body) -> Void {
        if (depth + 1 >= kDeepestSubgraph) {
            return Error{ErrorCode::Limit,
                         fmt::format("subgraphs nest more than {} deep", kDeepestSubgraph)};
        }
        const auto graph = std::make_shared<OnnxGraph>();
        attribute.graphs.push_back(graph);
        return readGraph(body, *graph, depth + 1);
    };
    Void status;
    ProtobufCursor cursor(message);
    while (status && cursor.next()) {
        switch (cursor.field()) {
        case bytesField(1):
            attribute.name = cursor.bytes();
            break;
        case float32Field(2):
            attribute.f = static_cast<double>(cursor.float32());
            seen = Type::Float;
            break;
        case varintField(3):
            attribute.i = cursor.integer();
            seen = Type::Int;
            break;
        case bytesField(4):
            attribute.s = cursor.bytes();
            seen = Type::String;
            break;
        case bytesField(5):
            status = append(attribute.tensors, cursor.bytes(), "tensor", tensor);
            seen = Type::Tensor;
            break;
        case bytesField(6):
            status = readBody(cursor.bytes());
            seen = Type::Graph;
            break;
        case float32Field(7):
            attribute.floats.push_back(static_cast<double>(cursor.float32()));
            seen = Type::Floats;
            break;
        case bytesField(7):
            cursor.packedFloats(attribute.floats);
            seen = Type::Floats;
            break;
        case varintField(8):
            attribute.ints.push_back(cursor.integer());
            seen = Type::Ints;
            break;
        case bytesField(8):
            cursor.packedVarints(attribute.ints);
            seen = Type::Ints;
            break;
        case bytesField(9):
            attribute.strings.push_back(cursor.bytes());
            seen = Type::Strings;
            break;
        case bytesField(10):
            status = append(attribute.tensors, cursor.bytes(), "tensor", tensor);
            seen = Type::Tensors;
            break;
        case bytesField(11):
            status = readBody(cursor.bytes());
            seen = Type::Graphs;
            break;
        case varintField(20):
            attribute.type = attributeType(cursor.integer());
            break;
        case bytesField(21):
            attribute.referenced = cursor.bytes();
            break;
        case bytesField(22):
            status = append(
                attribute.sparse, cursor.bytes(), "sparse tensor",
                [this](std::string_view m, OnnxSparseTensor &t) { return readSparseTensor(m, t); });
            seen = Type::SparseTensor;
            break;
        default:
            break;
        }
    }
    if (attribute.type == Type::Undefined) {
        attribute.type = seen;
    }
    return status ? end(cursor, message) : status;
}

Result<void> Parser::readNode(std::string_view message, OnnxNode &node, int depth)
{
    Void status;
    ProtobufCursor cursor(message);
    while (status && cursor.next()) {
        switch (cursor.field()) {
        case bytesField(1):
            node.inputs.push_back(cursor.bytes());
            break;
        case bytesField(2):
            node.outputs.push_back(cursor.bytes());
            break;
        case bytesField(3):
            node.name = cursor.bytes();
            break;
        case bytesField(4):
            node.opType = cursor.bytes();
            break;
        case bytesField(5):
            status = append(node.attributes, cursor.bytes(), "attribute",
                            [&](std::string_view m, OnnxAttribute &attribute) {
                                return readAttribute(m, attribute, depth);
                            });
            break;
        case bytesField(6):
            node.docString = cursor.bytes();
            break;
        case bytesField(7):
            node.domain = cursor.bytes();
            break;
        case bytesField(8):
            node.overload = cursor.bytes();
            break;
        case bytesField(9):
            status = readEntry(cursor.bytes(), node.metadata);
            break;
        default:
            break;
        }
    }
    return status ? end(cursor, message) : status;
}

Result<void> Parser::readAnnotation(std::string_view message,
                                    OnnxQuantizationAnnotation &annotation)
{
    Void status;
    ProtobufCursor cursor(message);
    while (status && cursor.next()) {
        if (cursor.field() == bytesField(1)) {
            annotation.tensor = cursor.bytes();
        } else if (cursor.field() == bytesField(2)) {
            status = readEntry(cursor.bytes(), annotation.parameters);
        }
    }
    return status ? end(cursor, message) : status;
}

Result<void> Parser::readGraph(std::string_view message, OnnxGraph &graph, int depth)
{
    const auto node = [&](std::string_view m, OnnxNode &n) { return readNode(m, n, depth); };
    const auto tensor = [this](std::string_view m, OnnxTensor &t) { return readTensor(m, t); };
    const auto sparse = [this](std::string_view m, OnnxSparseTensor &t) {
        return readSparseTensor(m, t);
    };
    const auto info = [this](std::string_view m, OnnxValueInfo &v) { return readValueInfo(m, v); };
    const auto annotation = [this](std::string_view m, OnnxQuantizationAnnotation &a) {
        return readAnnotation(m, a);
    };
    Void status;
    ProtobufCursor cursor(message);
    while (status && cursor.next()) {
        switch (cursor.field()) {
        case bytesField(1):
            status = append(graph.nodes, cursor.bytes(), "node", node);
            break;
        case bytesField(2):
            graph.name = cursor.bytes();
            break;
        case bytesField(5):
            status = append(graph.initializers, cursor.bytes(), "initializer", tensor);
            break;
        case bytesField(11):
            status = append(graph.inputs, cursor.bytes(), "graph input", info);
            break;
        case bytesField(12):
            status = append(graph.outputs, cursor.bytes(), "graph output", info);
            break;
        case bytesField(13):
            status = append(graph.valueInfo, cursor.bytes(), "value info", info);
            break;
        case bytesField(14):
            status = append(graph.quantization, cursor.bytes(), "quantization note", annotation);
            break;
        case bytesField(15):
            status = append(graph.sparseInitializers, cursor.bytes(), "sparse initializer", sparse);
            break;
        case bytesField(16):
            status = readEntry(cursor.bytes(), graph.metadata);
            break;
        default:
            break;
        }
    }
    return status ? end(cursor, message) : status;
}

Result<void> Parser::readFunction(std::string_view message, OnnxFunction &function)
{
    const auto node = [this](std::string_view m, OnnxNode &n) { return readNode(m, n, 0); };
    const auto info = [this](std::string_view m, OnnxValueInfo &v) { return readValueInfo(m, v); };
    const auto attribute = [this](std::string_view m, OnnxAttribute &a) {
        return readAttribute(m, a, 0);
    };
    Void status;
    ProtobufCursor cursor(message);
    while (status && cursor.next()) {
        switch (cursor.field()) {
        case bytesField(1):
            function.name = cursor.bytes();
            break;
        case bytesField(4):
            function.inputs.push_back(cursor.bytes());
            break;
        case bytesField(5):
            function.outputs.push_back(cursor.bytes());
            break;
        case bytesField(7):
            status = append(function.nodes, cursor.bytes(), "node", node);
            break;
        case bytesField(10):
            function.domain = cursor.bytes();
            break;
        case bytesField(11):
            status = append(function.defaults, cursor.bytes(), "attribute", attribute);
            break;
        case bytesField(12):
            status = append(function.valueInfo, cursor.bytes(), "value info", info);
            break;
        case bytesField(13):
            function.overload = cursor.bytes();
            break;
        default:
            break;
        }
    }
    return status ? end(cursor, message) : status;
}

Result<void> Parser::readOpset(std::string_view message, OnnxOpset &opset)
{
    ProtobufCursor cursor(message);
    while (cursor.next()) {
        if (cursor.field() == bytesField(1)) {
            opset.domain = cursor.bytes();
        } else if (cursor.field() == varintField(2)) {
            opset.version = cursor.integer();
        }
    }
    return end(cursor, message);
}

Result<void> Parser::readModel(std::string_view message, OnnxModel &model)
{
    Void status;
    ProtobufCursor cursor(message);
    while (status && cursor.next()) {
        switch (cursor.field()) {
        case varintField(1):
            model.irVersion = cursor.integer();
            break;
        case bytesField(2):
            model.producer = cursor.bytes();
            break;
        case bytesField(3):
            model.producerVersion = cursor.bytes();
            break;
        case bytesField(4):
            model.domain = cursor.bytes();
            break;
        case varintField(5):
            model.modelVersion = cursor.integer();
            break;
        case bytesField(7):
            model.hasGraph = true;
            status = readGraph(cursor.bytes(), model.graph, 0);
            break;
        case bytesField(8):
            status = append(
                model.opsets, cursor.bytes(), "opset import",
                [this](std::string_view m, OnnxOpset &opset) { return readOpset(m, opset); });
            break;
        case bytesField(14):
            status = readEntry(cursor.bytes(), model.metadata);
            break;
        case bytesField(25):
            status =
                append(model.functions, cursor.bytes(), "function",
                       [this](std::string_view m, OnnxFunction &f) { return readFunction(m, f); });
            break;
        default:
            break;
        }
    }
    return status ? end(cursor, message) : status;
}
} // namespace

std::string_view findEntry(const OnnxEntries &entries, std::string_view key)
{
    for (const OnnxEntry &entry : entries) {
        if (entry.key == key) {
            return entry.value;
        }
    }
    return {};
}

Result<OnnxModel> parseOnnxModel(std::string_view file)
{
    OnnxModel model;
    if (auto read = Parser(file).readModel(file, model); !read) {
        return read.error();
    }
    if (!model.hasGraph) {
        return Error{ErrorCode::BadFormat, "not an ONNX model: it has no graph"};
    }
    return model;
}

Result<OnnxTensor> parseOnnxTensor(std::string_view file)
{
    OnnxTensor tensor;
    if (auto read = Parser(file).readTensor(file, tensor); !read) {
        return read.error();
    }
    return tensor;
}

} // namespace syncpoint
