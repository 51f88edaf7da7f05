#include "core/formats/onnx/onnx_messages.h"

#include <algorithm>
#include <fmt/format.h>

/// The messages of an ONNX file that stand for data: tensors, types of values, texts by key.
namespace syncpoint {

namespace {
constexpr std::size_t kMostMessages = std::size_t{16} << 20U;
constexpr std::size_t kHighestRank = 1024;

Result<void> checkRank(const std::vector<std::int64_t> &dims)
{
    if (dims.size() > kHighestRank) {
        return Error{ErrorCode::Limit, fmt::format("more than {} dimensions", kHighestRank)};
    }
    return {};
}
} // namespace

Result<void> OnnxMessages::count()
{
    if (++m_messages > kMostMessages) {
        return Error{ErrorCode::Limit, "the file holds more than 16 million messages"};
    }
    return {};
}

Result<void> OnnxMessages::readEntry(std::string_view message, OnnxEntries &entries)
{
    if (auto within = count(); !within) {
        return within;
    }
    OnnxEntry &entry = entries.emplace_back();
    return m_file.forEachField(message, [&](ProtobufCursor &cursor) {
        if (cursor.field() == bytesField(1)) {
            entry.key = cursor.bytes();
        } else if (cursor.field() == bytesField(2)) {
            entry.value = cursor.bytes();
        }
    });
}

Result<void> OnnxMessages::read(std::string_view message, OnnxTensor &tensor)
{
    tensor.message = message;
    return m_file.forEachField(message, [&](ProtobufCursor &cursor) -> Void {
        switch (cursor.field()) {
        case varintField(1):
            tensor.dims.push_back(cursor.integer());
            return checkRank(tensor.dims);
        case bytesField(1):
            cursor.packedVarints(tensor.dims);
            return checkRank(tensor.dims);
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
            return readEntry(cursor.bytes(), tensor.externalData);
        case varintField(14):
            tensor.isExternal = cursor.varint() == 1;
            break;
        default:
            break;
        }
        return {};
    });
}

Result<void> OnnxMessages::read(std::string_view message, OnnxSparseTensor &tensor)
{
    return m_file.forEachField(message, [&](ProtobufCursor &cursor) -> Void {
        switch (cursor.field()) {
        case bytesField(1):
            return read(cursor.bytes(), tensor.values);
        case bytesField(2):
            return read(cursor.bytes(), tensor.indices);
        case varintField(3):
            tensor.dims.push_back(cursor.integer());
            return checkRank(tensor.dims);
        case bytesField(3):
            cursor.packedVarints(tensor.dims);
            return checkRank(tensor.dims);
        default:
            return {};
        }
    });
}

Result<void> OnnxMessages::readDimension(std::string_view message, std::int64_t &extent)
{
    return m_file.forEachField(message, [&](ProtobufCursor &cursor) {
        if (cursor.field() == varintField(1)) {
            extent = cursor.integer();
        }
    });
}

Result<void> OnnxMessages::readShape(std::string_view message, OnnxValueInfo &info)
{
    auto &shape = info.shape.emplace();
    return m_file.forEachField(message, [&](ProtobufCursor &cursor) -> Void {
        if (cursor.field() != bytesField(1)) {
            return {};
        }
        std::int64_t &extent = shape.emplace_back(-1);
        if (auto within = checkRank(shape); !within) {
            return within;
        }
        auto read = readDimension(cursor.bytes(), extent);
        extent = std::max<std::int64_t>(extent, -1);
        return read;
    });
}

Result<void> OnnxMessages::readTensorType(std::string_view message, OnnxValueInfo &info)
{
    return m_file.forEachField(message, [&](ProtobufCursor &cursor) -> Void {
        if (cursor.field() == varintField(1)) {
            info.elementType = cursor.integer();
        }
        return cursor.field() == bytesField(2) ? readShape(cursor.bytes(), info) : Void{};
    });
}

Result<void> OnnxMessages::readType(std::string_view message, OnnxValueInfo &info)
{
    return m_file.forEachField(message, [&](ProtobufCursor &cursor) {
        return cursor.field() == bytesField(1) ? readTensorType(cursor.bytes(), info) : Void{};
    });
}

Result<void> OnnxMessages::read(std::string_view message, OnnxValueInfo &info)
{
    return m_file.forEachField(message, [&](ProtobufCursor &cursor) -> Void {
        switch (cursor.field()) {
        case bytesField(1):
            info.name = cursor.bytes();
            return {};
        case bytesField(2):
            return readType(cursor.bytes(), info);
        case bytesField(4):
            return readEntry(cursor.bytes(), info.metadata);
        default:
            return {};
        }
    });
}

} // namespace syncpoint
