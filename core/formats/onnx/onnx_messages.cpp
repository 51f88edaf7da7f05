#include "core/formats/onnx/onnx_messages.h"

#include <fmt/format.h>

namespace syncpoint {

namespace {
constexpr int kDeepestSubgraph = 64;

/// "node 17 'conv1'"
template <typename T>
std::string elementPlace(std::string_view what, std::size_t index, const T &item)
{
    if constexpr (requires { item.name; }) {
        if (!item.name.empty()) {
            return fmt::format("{} {} '{}'", what, index, shortName(item.name));
        }
    }
    return fmt::format("{} {}", what, index);
}

OnnxAttribute::Type attributeType(std::int64_t number)
{
    const bool isKnown =
        number >= 0 && number <= static_cast<std::int64_t>(OnnxAttribute::Type::TypeProtos);
    return isKnown ? static_cast<OnnxAttribute::Type>(number) : OnnxAttribute::Type::Undefined;
}
} // namespace

template <typename T>
Result<void> OnnxMessages::append(std::vector<T> &list, std::string_view message,
                                  std::string_view what)
{
    if (auto within = count(); !within) {
        return within;
    }
    T &item = list.emplace_back();
    auto done = read(message, item);
    return done ? done : done.error().withContext(elementPlace(what, list.size() - 1, item));
}

Result<void> OnnxMessages::read(std::string_view message, OnnxModel &model)
{
    return m_file.forEachField(message, [&](ProtobufCursor &cursor) -> Void {
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
            return read(cursor.bytes(), model.graph);
        case bytesField(8):
            return append(model.opsets, cursor.bytes(), "opset import");
        case bytesField(14):
            return readEntry(cursor.bytes(), model.metadata);
        case bytesField(25):
            return append(model.functions, cursor.bytes(), "function");
        default:
            break;
        }
        return {};
    });
}

Result<void> OnnxMessages::read(std::string_view message, OnnxOpset &opset)
{
    return m_file.forEachField(message, [&](ProtobufCursor &cursor) {
        if (cursor.field() == bytesField(1)) {
            opset.domain = cursor.bytes();
        } else if (cursor.field() == varintField(2)) {
            opset.version = cursor.integer();
        }
    });
}

Result<void> OnnxMessages::read(std::string_view message, OnnxFunction &function)
{
    return m_file.forEachField(message, [&](ProtobufCursor &cursor) -> Void {
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
            return append(function.nodes, cursor.bytes(), "node");
        case bytesField(10):
            function.domain = cursor.bytes();
            break;
        case bytesField(11):
            return append(function.defaults, cursor.bytes(), "attribute");
        case bytesField(12):
            return append(function.valueInfo, cursor.bytes(), "value info");
        case bytesField(13):
            function.overload = cursor.bytes();
            break;
        default:
            break;
        }
        return {};
    });
}

Result<void> OnnxMessages::read(std::string_view message, OnnxGraph &graph)
{
    return m_file.forEachField(message, [&](ProtobufCursor &cursor) -> Void {
        switch (cursor.field()) {
        case bytesField(1):
            return append(graph.nodes, cursor.bytes(), "node");
        case bytesField(2):
            graph.name = cursor.bytes();
            return {};
        case bytesField(5):
            return append(graph.initializers, cursor.bytes(), "initializer");
        case bytesField(11):
            return append(graph.inputs, cursor.bytes(), "graph input");
        case bytesField(12):
            return append(graph.outputs, cursor.bytes(), "graph output");
        case bytesField(13):
            return append(graph.valueInfo, cursor.bytes(), "value info");
        case bytesField(14):
            return append(graph.quantization, cursor.bytes(), "quantization note");
        case bytesField(15):
            return append(graph.sparseInitializers, cursor.bytes(), "sparse initializer");
        case bytesField(16):
            return readEntry(cursor.bytes(), graph.metadata);
        default:
            return {};
        }
    });
}

Result<void> OnnxMessages::read(std::string_view message, OnnxQuantizationAnnotation &annotation)
{
    return m_file.forEachField(message, [&](ProtobufCursor &cursor) -> Void {
        if (cursor.field() == bytesField(1)) {
            annotation.tensor = cursor.bytes();
        }
        return cursor.field() == bytesField(2) ? readEntry(cursor.bytes(), annotation.parameters)
                                               : Void{};
    });
}

Result<void> OnnxMessages::read(std::string_view message, OnnxNode &node)
{
    return m_file.forEachField(message, [&](ProtobufCursor &cursor) -> Void {
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
            return append(node.attributes, cursor.bytes(), "attribute");
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
            return readEntry(cursor.bytes(), node.metadata);
        default:
            break;
        }
        return {};
    });
}

Result<void> OnnxMessages::readBody(std::string_view message, OnnxAttribute &attribute)
{
    if (m_depth + 1 >= kDeepestSubgraph) {
        return Error{ErrorCode::Limit,
                     fmt::format("subgraphs nest more than {} deep", kDeepestSubgraph)};
    }
    const auto graph = std::make_shared<OnnxGraph>();
    attribute.graphs.push_back(graph);
    ++m_depth;
    auto done = read(message, *graph);
    --m_depth;
    return done;
}

Result<void> OnnxMessages::read(std::string_view message, OnnxAttribute &attribute)
{
    using Type = OnnxAttribute::Type;
    Type seen = Type::Undefined; // files of IR versions before 2 do not write the type
    auto done = m_file.forEachField(message, [&](ProtobufCursor &cursor) -> Void {
        switch (cursor.field()) {
        case bytesField(1):
            attribute.name = cursor.bytes();
            break;
        case float32Field(2):
            seen = Type::Float;
            attribute.f = static_cast<double>(cursor.float32());
            break;
        case varintField(3):
            seen = Type::Int;
            attribute.i = cursor.integer();
            break;
        case bytesField(4):
            seen = Type::String;
            attribute.s = cursor.bytes();
            break;
        case bytesField(5):
            seen = Type::Tensor;
            return append(attribute.tensors, cursor.bytes(), "tensor");
        case bytesField(6):
            seen = Type::Graph;
            return readBody(cursor.bytes(), attribute);
        case float32Field(7):
            seen = Type::Floats;
            attribute.floats.push_back(static_cast<double>(cursor.float32()));
            break;
        case bytesField(7):
            seen = Type::Floats;
            cursor.packedFloats(attribute.floats);
            break;
        case varintField(8):
            seen = Type::Ints;
            attribute.ints.push_back(cursor.integer());
            break;
        case bytesField(8):
            seen = Type::Ints;
            cursor.packedVarints(attribute.ints);
            break;
        case bytesField(9):
            seen = Type::Strings;
            attribute.strings.push_back(cursor.bytes());
            break;
        case bytesField(10):
            seen = Type::Tensors;
            return append(attribute.tensors, cursor.bytes(), "tensor");
        case bytesField(11):
            seen = Type::Graphs;
            return readBody(cursor.bytes(), attribute);
        case varintField(20):
            attribute.type = attributeType(cursor.integer());
            break;
        case bytesField(21):
            attribute.referenced = cursor.bytes();
            break;
        case bytesField(22):
            seen = Type::SparseTensor;
            return append(attribute.sparse, cursor.bytes(), "sparse tensor");
        default:
            break;
        }
        return {};
    });
    if (attribute.type == Type::Undefined) {
        attribute.type = seen;
    }
    return done;
}

} // namespace syncpoint
