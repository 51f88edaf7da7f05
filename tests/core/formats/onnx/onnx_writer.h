#pragma once
#include "core/formats/onnx/onnx_loader.h"
#include "tests/core/formats/test_files.h"

#include <cstdint>
#include <cstring>
#include <initializer_list>
#include <string>
#include <string_view>
#include <vector>

/// Writes ONNX messages field by field, right ones and wrong ones. Numbers: onnx.proto.
namespace syncpoint::test {

inline std::string varint(std::uint64_t value)
{
    std::string bytes;
    for (; value >= 0x80; value >>= 7U) {
        bytes += static_cast<char>((value & 0x7FU) | 0x80U);
    }
    return bytes + static_cast<char>(value);
}
inline std::string numberField(std::uint32_t field, std::int64_t value)
{
    return varint(field << 3U) + varint(static_cast<std::uint64_t>(value));
}
inline std::string textField(std::uint32_t field, std::string_view bytes)
{
    return varint((field << 3U) | 2U) + varint(bytes.size()) + std::string(bytes);
}
inline std::string floatField(std::uint32_t field, float value)
{
    std::string bytes(sizeof(value), '\0');
    std::memcpy(bytes.data(), &value, sizeof(value));
    return varint((field << 3U) | 5U) + bytes;
}
inline std::string packed(const std::vector<std::int64_t> &values)
{
    std::string bytes;
    for (const std::int64_t value : values) {
        bytes += varint(static_cast<std::uint64_t>(value));
    }
    return bytes;
}
template <typename T>
std::string rawBytes(const std::vector<T> &values)
{
    return {reinterpret_cast<const char *>(values.data()), values.size() * sizeof(T)};
}

inline std::string entry(std::string_view key, std::string_view value)
{
    return textField(1, key) + textField(2, value);
}

enum OnnxType { kFloat = 1, kUInt8 = 2, kInt8 = 3, kInt32 = 6, kInt64 = 7, kString = 8 };

inline std::string tensorHeader(std::string_view name, std::int64_t type,
                                const std::vector<std::int64_t> &dims)
{
    return textField(1, packed(dims)) + numberField(2, type) + textField(8, name);
}
inline std::string tensor(std::string_view name, std::int64_t type,
                          const std::vector<std::int64_t> &dims, std::string_view raw)
{
    return tensorHeader(name, type, dims) + textField(9, raw);
}
inline std::string floats(std::string_view name, const std::vector<std::int64_t> &dims,
                          const std::vector<float> &values)
{
    return tensor(name, kFloat, dims, rawBytes(values));
}
inline std::string int64s(std::string_view name, const std::vector<std::int64_t> &values)
{
    return tensor(name, kInt64, {static_cast<std::int64_t>(values.size())}, rawBytes(values));
}

inline std::string intAttribute(std::string_view name, std::int64_t value)
{
    return textField(5, textField(1, name) + numberField(3, value) + numberField(20, 2));
}
inline std::string intsAttribute(std::string_view name, const std::vector<std::int64_t> &values)
{
    return textField(5, textField(1, name) + textField(8, packed(values)) + numberField(20, 7));
}
inline std::string graphAttribute(std::string_view name, std::string_view graph)
{
    return textField(5, textField(1, name) + textField(6, graph) + numberField(20, 5));
}
inline std::string referenceAttribute(std::string_view name, std::string_view ofCall)
{
    return textField(5, textField(1, name) + textField(21, ofCall) + numberField(20, 2));
}

inline std::string node(std::string_view opType, std::initializer_list<std::string_view> inputs,
                        std::initializer_list<std::string_view> outputs, std::string_view rest = {},
                        std::string_view name = {})
{
    std::string bytes;
    for (const std::string_view input : inputs) {
        bytes += textField(1, input);
    }
    for (const std::string_view output : outputs) {
        bytes += textField(2, output);
    }
    return bytes + textField(3, name) + textField(4, opType) + std::string(rest);
}

/// ValueInfo of a tensor; −1 writes a symbolic extent.
inline std::string valueInfo(std::string_view name, std::int64_t type,
                             const std::vector<std::int64_t> &dims)
{
    std::string shape;
    for (const std::int64_t extent : dims) {
        shape += textField(1, extent < 0 ? textField(2, "n") : numberField(1, extent));
    }
    return textField(1, name) +
           textField(2, textField(1, numberField(1, type) + textField(2, shape)));
}

/// Fields of a GraphProto.
inline std::string graphNode(std::string_view node)
{
    return textField(1, node);
}
inline std::string initializer(std::string_view tensor)
{
    return textField(5, tensor);
}
inline std::string graphInput(std::string_view info)
{
    return textField(11, info);
}
inline std::string graphOutput(std::string_view info)
{
    return textField(12, info);
}

inline std::string model(std::string_view graph, std::string_view rest = {},
                         std::int64_t irVersion = 8, std::int64_t opset = 17)
{
    return numberField(1, irVersion) + textField(7, graph) +
           textField(8, textField(1, "") + numberField(2, opset)) + std::string(rest);
}

inline Result<std::shared_ptr<const Graph>> load(const std::filesystem::path &path)
{
    return makeOnnxLoader()->load(path, JobContext{});
}
inline Result<std::shared_ptr<const Graph>> loadBytes(const std::string &bytes)
{
    const TemporaryFolder folder;
    writeFile(folder / "model.onnx", bytes);
    return load(folder / "model.onnx"); // the mapping outlives the deleted file
}

inline const Value &valueNamed(const Graph &graph, std::string_view name)
{
    static const Value missing;
    const auto id = graph.findValue(name);
    return id ? graph.value(*id) : missing;
}

} // namespace syncpoint::test
