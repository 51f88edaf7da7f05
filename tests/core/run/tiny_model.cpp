#include "tests/core/run/tiny_model.h"

#include <fmt/format.h>
#include <fstream>
#include <protozero/pbf_writer.hpp>
#include <span>

namespace syncpoint {

namespace {
int onnxType(DType dtype)
{
    switch (dtype) {
    case DType::Float32:
        return 1;
    case DType::Int32:
        return 6;
    case DType::Int64:
        return 7;
    case DType::String:
        return 8;
    case DType::Bool:
        return 9;
    case DType::Float16:
        return 10;
    case DType::Float64:
        return 11;
    default:
        return 0;
    }
}

void addPort(std::string &graphText, protozero::pbf_tag_type field, const std::string &name,
             DType dtype, const std::vector<std::int64_t> &shape)
{
    protozero::pbf_writer graph(graphText);
    protozero::pbf_writer info(graph, field);
    info.add_string(1, name);
    protozero::pbf_writer type(info, 2);
    protozero::pbf_writer tensor(type, 1);
    tensor.add_int32(1, onnxType(dtype));
    protozero::pbf_writer dims(tensor, 2);
    for (const std::int64_t extent : shape) {
        protozero::pbf_writer dim(dims, 1);
        extent < 0 ? dim.add_string(2, "n") : dim.add_int64(1, extent);
    }
}

template <typename Number>
void writeArray(const std::filesystem::path &path, std::string_view type,
                const std::vector<std::int64_t> &shape, std::span<const Number> values)
{
    std::string header = fmt::format("{{'descr': '{}', 'fortran_order': False, 'shape': ({},), }}",
                                     type, fmt::join(shape, ", "));
    header.resize((header.size() + 11 + 63) / 64 * 64 - 11, ' ');
    header += '\n';
    std::ofstream stream(path, std::ios::binary);
    stream.write("\x93NUMPY\x01\x00", 8);
    stream.put(static_cast<char>(header.size() & 0xFFU));
    stream.put(static_cast<char>(header.size() >> 8U));
    stream << header;
    stream.write(reinterpret_cast<const char *>(values.data()),
                 static_cast<std::streamsize>(values.size_bytes()));
}
} // namespace

TinyModel &TinyModel::input(const std::string &name, DType dtype,
                            const std::vector<std::int64_t> &shape)
{
    addPort(m_graph, 11, name, dtype, shape);
    return *this;
}

TinyModel &TinyModel::output(const std::string &name, DType dtype,
                             const std::vector<std::int64_t> &shape)
{
    addPort(m_graph, 12, name, dtype, shape);
    return *this;
}

std::string TinyModel::node(const std::string &type, const std::vector<std::string> &inputs,
                            const std::vector<std::string> &outputs)
{
    std::string fields;
    protozero::pbf_writer writer(fields);
    for (const std::string &name : inputs) {
        writer.add_string(1, name);
    }
    for (const std::string &name : outputs) {
        writer.add_string(2, name);
    }
    writer.add_string(3, fmt::format("{}_{}", type, m_ops++));
    writer.add_string(4, type);
    return fields;
}

TinyModel &TinyModel::op(const std::string &type, const std::vector<std::string> &inputs,
                         const std::vector<std::string> &outputs, const std::string &domain)
{
    std::string fields = node(type, inputs, outputs);
    protozero::pbf_writer(fields).add_string(7, domain);
    protozero::pbf_writer(m_graph).add_message(1, fields);
    return *this;
}

TinyModel &TinyModel::control(const std::string &type, const std::vector<std::string> &inputs,
                              const std::vector<std::string> &outputs,
                              const std::vector<std::pair<std::string, TinyModel>> &bodies)
{
    constexpr int kGraphAttribute = 5; // AttributeProto.GRAPH
    std::string fields = node(type, inputs, outputs);
    for (const auto &[name, body] : bodies) {
        std::string inner = body.m_graph;
        protozero::pbf_writer(inner).add_string(2, name);
        protozero::pbf_writer writer(fields);
        protozero::pbf_writer attribute(writer, 5);
        attribute.add_string(1, name);
        attribute.add_int32(20, kGraphAttribute);
        attribute.add_message(6, inner);
    }
    protozero::pbf_writer(m_graph).add_message(1, fields);
    return *this;
}

std::filesystem::path TinyModel::write(const std::filesystem::path &folder) const
{
    std::string text;
    {
        protozero::pbf_writer model(text);
        model.add_int64(1, 8); // ir_version
        std::string graphText = m_graph;
        protozero::pbf_writer(graphText).add_string(2, "tiny");
        model.add_message(7, graphText);
        protozero::pbf_writer opset(model, 8);
        opset.add_string(1, "");
        opset.add_int64(2, 17);
    }
    const auto path = folder / "model.onnx";
    std::ofstream(path, std::ios::binary) << text;
    return path;
}

void writeNpy(const std::filesystem::path &path, const std::vector<std::int64_t> &shape,
              const std::vector<float> &values)
{
    writeArray<float>(path, "<f4", shape, values);
}

void writeNpy(const std::filesystem::path &path, const std::vector<std::int64_t> &shape,
              const std::vector<std::int64_t> &values)
{
    writeArray<std::int64_t>(path, "<i8", shape, values);
}

} // namespace syncpoint
