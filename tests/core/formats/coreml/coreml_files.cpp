#include "tests/core/formats/coreml/coreml_files.h"

#include "core/tensor/decode.h"
#include "core/tensor/packed_elements.h"

#include <algorithm>
#include <fmt/format.h>
#include <fmt/ranges.h>
#include <gtest/gtest.h>
#include <protozero/pbf_writer.hpp>

namespace syncpoint::test {

namespace {
using protozero::pbf_writer;

constexpr std::size_t kAlignment = 64;

std::int64_t numberOf(DType dtype)
{
    for (std::int64_t number = 1; number < 64; ++number) {
        if (dtypeOfMil(number) == dtype) {
            return number;
        }
    }
    return 0;
}

std::string typeMessage(const MilType &type)
{
    std::string tensor;
    pbf_writer fields(tensor);
    fields.add_int64(1, numberOf(type.dtype));
    const Shape shape = type.shape.value_or(Shape{});
    fields.add_int64(2, static_cast<std::int64_t>(shape.size()));
    for (const std::int64_t extent : shape) {
        std::string dimension, inner;
        if (extent >= 0) {
            pbf_writer(inner).add_int64(1, extent);
        }
        pbf_writer(dimension).add_message(extent >= 0 ? 1 : 2, inner);
        fields.add_message(3, dimension);
    }
    std::string message;
    if (type.kind == MilType::Kind::List) {
        std::string element, list;
        pbf_writer(element).add_message(1, tensor);
        pbf_writer(list).add_message(1, element);
        pbf_writer(message).add_message(2, list);
    } else {
        pbf_writer(message).add_message(1, tensor);
    }
    return message;
}

bool isRaw(DType dtype)
{
    return dtype == DType::Float16 || (isInteger(dtype) && bitWidth(dtype) <= 8) ||
           dtype == DType::UInt32;
}

/// Numbers of types that have no field of their own, as coremltools stores them.
std::string rawOf(const MilValue &value)
{
    const DType dtype = value.type.dtype;
    const auto *reals = std::get_if<std::vector<double>>(&value.data);
    const auto *integers = std::get_if<std::vector<std::int64_t>>(&value.data);
    if (dtype == DType::Float16) {
        std::vector<double> numbers = reals != nullptr ? *reals : std::vector<double>();
        if (integers != nullptr) {
            numbers.assign(integers->begin(), integers->end());
        }
        std::string out;
        for (const double number : numbers) { // every number of the tests is exact
            out += bytesOf(std::vector<_Float16>{static_cast<_Float16>(number)});
        }
        return out;
    }
    if (dtype == DType::UInt32) {
        return bytesOf(std::vector<std::uint32_t>(integers->begin(), integers->end()));
    }
    std::vector<unsigned> codes;
    for (const std::int64_t integer : *integers) {
        codes.push_back(static_cast<unsigned>(integer) & ((1U << bitWidth(dtype)) - 1U));
    }
    return bitWidth(dtype) == 8 ? std::string(codes.begin(), codes.end())
                                : packedCodes(codes, static_cast<unsigned>(bitWidth(dtype)));
}

std::string valueMessage(const MilValue &value);

std::string tensorMessage(const MilValue &value)
{
    std::string values, message;
    pbf_writer inner(values);
    int field = 7;
    if (const auto *texts = std::get_if<std::vector<std::string>>(&value.data)) {
        field = 4;
        for (const std::string &text : *texts) {
            inner.add_string(1, text);
        }
    } else if (isRaw(value.type.dtype)) {
        inner.add_bytes(1, rawOf(value));
    } else if (const auto *reals = std::get_if<std::vector<double>>(&value.data)) {
        const bool isDouble = value.type.dtype == DType::Float64;
        field = isDouble ? 6 : 1;
        if (isDouble) {
            inner.add_bytes(1, bytesOf(*reals)); // also of none, as a damaged file may have it
        } else {
            inner.add_packed_float(1, reals->begin(), reals->end());
        }
    } else if (const auto *integers = std::get_if<std::vector<std::int64_t>>(&value.data)) {
        field = value.type.dtype == DType::Bool ? 3 : 2;
        inner.add_packed_int64(1, integers->begin(), integers->end());
    }
    pbf_writer(message).add_message(static_cast<protozero::pbf_tag_type>(field), values);
    return message;
}

std::string valueMessage(const MilValue &value)
{
    std::string message;
    pbf_writer writer(message);
    writer.add_message(2, typeMessage(value.type));
    if (const auto *blob = std::get_if<MilBlob>(&value.data)) {
        std::string inner;
        pbf_writer fields(inner);
        fields.add_string(1, blob->file);
        fields.add_uint64(2, blob->offset);
        writer.add_message(5, inner);
        return message;
    }
    std::string immediate;
    if (const auto *parts = std::get_if<std::vector<MilValue>>(&value.data)) {
        std::string list;
        for (const MilValue &part : *parts) {
            pbf_writer(list).add_message(1, valueMessage(part));
        }
        pbf_writer(immediate).add_message(3, list);
    } else {
        pbf_writer(immediate).add_message(1, tensorMessage(value));
    }
    writer.add_message(3, immediate);
    return message;
}

std::string mapEntry(const std::string &key, const std::string &value)
{
    std::string message;
    pbf_writer writer(message);
    writer.add_string(1, key);
    writer.add_message(2, value);
    return message;
}

std::string namedType(const MilNamedType &named)
{
    std::string message;
    pbf_writer writer(message);
    writer.add_string(1, named.name);
    writer.add_message(2, typeMessage(named.type));
    return message;
}

std::string blockMessage(const MilBlock &block);

std::string operationMessage(const MilOperation &operation)
{
    std::string message;
    pbf_writer writer(message);
    writer.add_string(1, operation.type);
    // Maps have no order; the last parameter first shows that none is relied on.
    for (auto input = operation.inputs.rbegin(); input != operation.inputs.rend(); ++input) {
        std::string argument;
        for (const MilBinding &binding : input->bindings) {
            std::string bound;
            if (binding.value) {
                pbf_writer(bound).add_message(2, valueMessage(*binding.value));
            } else {
                pbf_writer(bound).add_string(1, binding.name);
            }
            pbf_writer(argument).add_message(1, bound);
        }
        writer.add_message(2, mapEntry(input->parameter, argument));
    }
    for (const MilNamedType &output : operation.outputs) {
        writer.add_message(3, namedType(output));
    }
    for (const MilBlock &block : operation.blocks) {
        writer.add_message(4, blockMessage(block));
    }
    for (const auto &[name, value] : operation.attributes) {
        writer.add_message(5, mapEntry(name, valueMessage(*value)));
    }
    return message;
}

std::string blockMessage(const MilBlock &block)
{
    std::string message;
    pbf_writer writer(message);
    for (const MilNamedType &input : block.inputs) {
        writer.add_message(1, namedType(input));
    }
    for (const std::string &output : block.outputs) {
        writer.add_string(2, output);
    }
    for (const MilOperation &operation : block.operations) {
        writer.add_message(3, operationMessage(operation));
    }
    return message;
}

std::string nameOf(const Graph &graph, ValueId id)
{
    return id.isValid() ? graph.qualifiedName(id) : "-";
}

std::string describedValue(const Graph &graph, const Value &value)
{
    std::string out = fmt::format("{} {} {}", value.name, dtypeName(value.dtype),
                                  value.shape ? fmt::format("{}", *value.shape) : "?");
    if (value.constant && isNumeric(value.constant->info().dtype)) {
        std::vector<float> numbers(value.constant->elements());
        decode(value.constant->view(), 0, std::span<float>(numbers));
        out += fmt::format(" = {}", numbers);
    }
    return fmt::format("{}{}{} in '{}'", out, value.isInput ? " input" : "",
                       value.isOutput ? " output" : "", graph.scope(value.scope).path);
}

std::string describedNode(const Graph &graph, const Node &node)
{
    std::string out = fmt::format("{} '{}' module '{}' on '{}'(", node.opType, node.name,
                                  graph.module(node.module).path, node.placement);
    for (const ValueId input : node.inputs) {
        out += nameOf(graph, input) + " ";
    }
    out += ")";
    for (const ValueId output : node.outputs) {
        out += " " + nameOf(graph, output);
    }
    for (const Attribute &attribute : node.attributes) {
        out += fmt::format(" {}={}", attribute.name, toText(attribute));
    }
    return out;
}
} // namespace

std::string packedCodes(const std::vector<unsigned> &codes, unsigned bits)
{
    std::vector<std::byte> bytes((codes.size() * bits + 7) / 8);
    for (std::size_t i = 0; i < codes.size(); ++i) {
        addPackedElement(bytes.data(), i, bits, codes[i]);
    }
    return bytesOf(bytes);
}

BlobFile::BlobFile() : m_content(bytesOf(std::vector<std::uint32_t>{0, 2}))
{
    m_content.resize(kAlignment);
}

std::uint64_t BlobFile::add(std::uint32_t type, const std::string &data)
{
    const std::uint64_t offset = m_content.size();
    m_content +=
        bytesOf(std::vector<std::uint32_t>{0xDEADBEEF, type}) +
        bytesOf(std::vector<std::uint64_t>{data.size(), offset + kAlignment, 0, 0, 0, 0, 0});
    m_content += data;
    m_content.resize((m_content.size() + kAlignment - 1) / kAlignment * kAlignment);
    ++m_content[0];
    return offset;
}

std::string blobAt(std::uint64_t offset)
{
    return fmt::format("BLOBFILE(path = tensor<string, []>(\"@model_path/weights/weight.bin\"), "
                       "offset = tensor<uint64, []>({}))",
                       offset);
}

std::string milProgram(const std::string &inputs, const std::string &statements,
                       const std::string &outputs)
{
    return fmt::format("program(1.0)\n[buildInfo = dict<tensor<string, []>, tensor<string, []>>"
                       "({{{{\"version\", \"1 ] 2\"}}}})]\n{{\n    func main<ios18>({}) {{\n{}"
                       "        }} -> ({});\n}}\n",
                       inputs, statements, outputs);
}

std::string milModel(const MilProgram &program)
{
    std::string programMessage;
    pbf_writer(programMessage).add_int64(1, 1);
    for (const MilFunction &function : program.functions) {
        std::string body;
        pbf_writer writer(body);
        for (const MilNamedType &input : function.inputs) {
            writer.add_message(1, namedType(input));
        }
        writer.add_string(2, function.opset);
        writer.add_message(3, mapEntry(function.opset, blockMessage(function.block)));
        pbf_writer(programMessage).add_message(2, mapEntry(function.name, body));
    }
    std::string model;
    pbf_writer writer(model);
    writer.add_int64(1, 9);
    writer.add_message(502, programMessage);
    return model;
}

std::filesystem::path writeCompiled(const TemporaryFolder &folder, const std::string &text,
                                    const BlobFile &weights, const std::string &name)
{
    const auto path = folder / (name + ".mlmodelc");
    std::filesystem::create_directories(path / "weights");
    writeFile(path / "model.mil", text);
    writeFile(path / "weights" / "weight.bin", weights.content());
    return path;
}

std::filesystem::path writePackage(const TemporaryFolder &folder, const std::string &model,
                                   const BlobFile &weights, const std::string &name)
{
    const auto path = folder / (name + ".mlpackage");
    const auto data = path / "Data" / "com.apple.CoreML";
    std::filesystem::create_directories(data / "weights");
    writeFile(path / "Manifest.json",
              R"({"fileFormatVersion": "1.0.0", "rootModelIdentifier": "A", "itemInfoEntries":
                  {"A": {"name": "model.mlmodel", "path": "com.apple.CoreML/model.mlmodel"}}})");
    writeFile(data / "model.mlmodel", model);
    writeFile(data / "weights" / "weight.bin", weights.content());
    return path;
}

Result<std::shared_ptr<const Graph>> load(const std::filesystem::path &path)
{
    return loadGraph(path, JobContext());
}

Result<std::shared_ptr<const Graph>> loadText(const std::string &text, const BlobFile &weights)
{
    const TemporaryFolder folder;
    return load(writeCompiled(folder, text, weights));
}

std::string described(const Graph &graph)
{
    std::vector<std::string> lines;
    for (const Value &value : graph.values()) {
        lines.push_back(describedValue(graph, value));
    }
    for (const Node &node : graph.nodes()) {
        lines.push_back(describedNode(graph, node));
    }
    for (const Diagnostic &diagnostic : graph.diagnostics()) {
        lines.push_back(diagnostic.where + ": " + diagnostic.text);
    }
    std::sort(lines.begin(), lines.end());
    return fmt::format("{}\n", fmt::join(lines, "\n"));
}

std::vector<float> numbersOf(const Graph &graph, const std::string &name)
{
    const auto id = graph.findValue(name);
    if (!id || !graph.value(*id).constant) {
        ADD_FAILURE() << name << " has no data";
        return {};
    }
    const Tensor &tensor = *graph.value(*id).constant;
    std::vector<float> numbers(tensor.elements());
    decode(tensor.view(), 0, std::span<float>(numbers));
    return numbers;
}

} // namespace syncpoint::test
