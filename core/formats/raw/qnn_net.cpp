#include "core/formats/raw/qnn_net.h"

#include "core/formats/bounded_json.h"
#include "core/formats/json_fields.h"
#include "core/graph/graph_builder.h"

#include <algorithm>
#include <cctype>
#include <charconv>
#include <nlohmann/json.hpp>

namespace syncpoint::raw {

using Json = nlohmann::json;

namespace {
constexpr JsonLimits kLimits{.values = 4'000'000, .depth = 64};
constexpr int kAppWrite = 0, kAppRead = 1, kNativeTensor = 3, kStatic = 4; ///< Qnn_TensorType_t

/// QnnTypes.h: the low byte is the width in bits as hexadecimal digits, the high one the kind.
DType dtypeOfNumber(std::int64_t number)
{
    switch (number) {
    case 0x0008:
        return DType::Int8;
    case 0x0016:
    case 0x0316: // scaled
        return DType::Int16;
    case 0x0032:
    case 0x0332:
        return DType::Int32;
    case 0x0064:
        return DType::Int64;
    case 0x0108:
    case 0x0408:
        return DType::UInt8;
    case 0x0116:
    case 0x0416:
        return DType::UInt16;
    case 0x0132:
    case 0x0432:
        return DType::UInt32;
    case 0x0164:
        return DType::UInt64;
    case 0x0216:
        return DType::Float16;
    case 0x0232:
        return DType::Float32;
    case 0x0308:
        return DType::Int8;
    case 0x0508:
        return DType::Bool;
    default:
        return DType::Undefined;
    }
}

/// A number, or text such as "0x0232".
DType dtypeOf(const Json &tensor)
{
    const Json *field = fieldOf(tensor, "data_type");
    if (field != nullptr && field->is_number_integer()) {
        return dtypeOfNumber(field->get<std::int64_t>());
    }
    std::string_view text = textOf(tensor, "data_type");
    text.remove_prefix(text.starts_with("0x") || text.starts_with("0X") ? 2 : 0);
    std::int64_t number = -1;
    std::from_chars(text.data(), text.data() + text.size(), number, 16);
    return dtypeOfNumber(number);
}

/// real = scale·(q + offset): QNN's offset is the negative zero point.
std::shared_ptr<const Quantization> quantizationOf(const Json &tensor)
{
    const Json &parameters = objectOf(objectOf(tensor, "quant_params"), "scale_offset");
    const auto scale = numberOf(parameters, "scale");
    if (!scale || *scale == 0.0) {
        return nullptr;
    }
    const Json *offset = fieldOf(parameters, "offset");
    const std::int64_t shift =
        offset != nullptr && offset->is_number_integer() ? offset->get<std::int64_t>() : 0;
    constexpr std::int64_t kMostShift = std::int64_t{1} << 40;
    if (shift < -kMostShift || shift > kMostShift) {
        return nullptr;
    }
    auto out = std::make_shared<Quantization>();
    out->scales = {*scale};
    out->zeroPoints = {-shift};
    return out;
}

TensorEntry entryOf(const std::string &name, const Json &tensor)
{
    TensorEntry entry;
    entry.name = name;
    entry.info = {dtypeOf(tensor), shapeOf(tensor, "dims").value_or(Shape()), nullptr};
    const auto quantization = quantizationOf(tensor);
    if (quantization && isInteger(entry.info.dtype) &&
        checkQuantization(*quantization, entry.info.shape)) {
        entry.info.quantization = quantization;
    }
    return entry;
}

Result<std::shared_ptr<const Graph>> graphOf(const Json &graph, const std::filesystem::path &path)
{
    GraphBuilder builder;
    builder.info().path = path.string();
    builder.info().format = "qnn-net";
    builder.info().producer = "QNN";
    const ScopeId main = builder.mainScope();
    const Json &tensors = objectOf(graph, "tensors");
    for (auto each = tensors.begin(); each != tensors.end(); ++each) {
        const TensorEntry entry = entryOf(each.key(), each.value());
        const ValueId id = builder.localValue(main, each.key());
        Value &value = builder.edit(id);
        value.dtype = entry.info.dtype;
        value.shape = entry.info.shape;
        value.quantization = entry.info.quantization;
        const double type = numberOf(each.value(), "type").value_or(kNativeTensor);
        if (type == kAppWrite) {
            builder.addInput(main, id);
        } else if (type == kAppRead) {
            builder.addOutput(main, id);
        } else if (type == kStatic) {
            builder.setConstantWithoutData(id, entry.info.dtype, entry.info.shape);
        }
    }
    const Json &nodes = objectOf(graph, "nodes");
    for (auto each = nodes.begin(); each != nodes.end(); ++each) {
        const auto namesOf = [&each](const char *key) {
            std::vector<std::string> names;
            for (const Json &name : listOf(each.value(), key)) {
                names.emplace_back(plainText(name));
            }
            return names;
        };
        builder.addNode(each.key(), std::string(textOf(each.value(), "type")),
                        namesOf("input_names"), namesOf("output_names"));
    }
    return builder.build();
}
} // namespace

std::string fileNameOf(std::string_view tensor)
{
    std::string name(tensor);
    std::replace_if(
        name.begin(), name.end(), [](unsigned char c) { return std::isalnum(c) == 0; }, '_');
    if (!name.empty() && std::isdigit(static_cast<unsigned char>(name.front())) != 0) {
        name.insert(name.begin(), '_');
    }
    return name;
}

Result<QnnNet> readQnnNet(const std::filesystem::path &path)
{
    const auto json = readBoundedJson(path, kLimits);
    if (!json) {
        return json.error();
    }
    const Json &description = objectOf(*json, "graph");
    auto graph = graphOf(description, path);
    if (!graph) {
        return graph.error().withContext(path.filename().string());
    }
    QnnNet net;
    net.graph = *std::move(graph);
    const Json &tensors = objectOf(description, "tensors");
    for (auto each = tensors.begin(); each != tensors.end(); ++each) {
        net.tensors.emplace(fileNameOf(each.key()), entryOf(each.key(), each.value()));
    }
    return net;
}

} // namespace syncpoint::raw
