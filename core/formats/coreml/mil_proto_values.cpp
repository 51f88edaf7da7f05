#include "core/formats/coreml/mil_proto_values.h"

#include <fmt/format.h>

namespace syncpoint {

namespace {
constexpr int kDeepestNesting = 64;
constexpr std::size_t kMostParts = 16'000'000;
constexpr std::int64_t kAnyAxes = -2; // an extent that stands for any number of axes

/// The fields of a TensorValue, one for each kind of element.
constexpr std::uint32_t kFloats = bytesField(1), kTexts = bytesField(4), kDoubles = bytesField(6),
                        kBytes = bytesField(7);

using Integers = std::vector<std::int64_t>;
using Reals = std::vector<double>;
using Texts = std::vector<std::string>;

void addReals(ProtobufCursor &values, bool isSingle, Reals &out)
{
    if (values.field() == float32Field(1)) {
        out.push_back(static_cast<double>(values.float32()));
    } else if (values.field() == float64Field(1)) {
        out.push_back(values.float64());
    } else if (values.field() == bytesField(1) && isSingle) {
        values.packedFloats(out);
    } else if (values.field() == bytesField(1)) {
        values.packedDoubles(out);
    }
}

void addIntegers(ProtobufCursor &values, Integers &out)
{
    if (values.field() == varintField(1)) {
        out.push_back(values.integer());
    } else if (values.field() == bytesField(1)) {
        values.packedVarints(out);
    }
}
} // namespace

Result<void> MilProtoValues::enter(int depth)
{
    if (depth > kDeepestNesting) {
        return Error{ErrorCode::Limit,
                     fmt::format("blocks or values nest more than {} deep", kDeepestNesting)};
    }
    if (++m_parts > kMostParts) {
        return Error{ErrorCode::Limit,
                     fmt::format("the program has more than {} parts", kMostParts)};
    }
    return {};
}

Result<void> MilProtoValues::readDimension(std::string_view message, std::int64_t &extent)
{
    bool isVariadic = false;
    auto done = m_file.forEachField(message, [&](ProtobufCursor &cursor) -> Void {
        const bool isKnown = cursor.field() == bytesField(1);
        if (!isKnown && cursor.field() != bytesField(2)) {
            return {};
        }
        extent = isKnown ? 0 : -1;
        return m_file.forEachField(cursor.bytes(), [&](ProtobufCursor &field) {
            if (field.field() == varintField(1)) {
                const std::int64_t number = field.integer();
                isVariadic = !isKnown && number != 0;
                extent = isKnown ? number : -1;
            }
        });
    });
    extent = isVariadic || extent < -1 ? kAnyAxes : extent;
    return done;
}

Result<void> MilProtoValues::readTensorType(std::string_view message, MilType &type)
{
    Shape shape;
    std::int64_t rank = 0;
    bool isKnown = true;
    auto done = m_file.forEachField(message, [&](ProtobufCursor &cursor) -> Void {
        if (cursor.field() == varintField(1)) {
            type.dtype = dtypeOfMil(cursor.integer());
        } else if (cursor.field() == varintField(2)) {
            rank = cursor.integer();
        } else if (cursor.field() == bytesField(3)) {
            auto read = readDimension(cursor.bytes(), shape.emplace_back());
            isKnown = isKnown && shape.back() != kAnyAxes;
            return read;
        }
        return {};
    });
    isKnown = isKnown && rank == static_cast<std::int64_t>(shape.size());
    type.shape = isKnown ? std::optional(std::move(shape)) : std::nullopt;
    return done;
}

/// Of lists and states.
Result<void> MilProtoValues::readWrappedType(std::string_view message, MilType &type, int depth)
{
    return m_file.forEachField(message, [&](ProtobufCursor &cursor) {
        return cursor.field() == bytesField(1) ? readType(cursor.bytes(), type, depth + 1) : Void{};
    });
}

Result<void> MilProtoValues::readType(std::string_view message, MilType &type, int depth)
{
    if (auto entered = enter(depth); !entered) {
        return entered;
    }
    return m_file.forEachField(message, [&](ProtobufCursor &cursor) -> Void {
        switch (cursor.field()) {
        case bytesField(1):
            return readTensorType(cursor.bytes(), type);
        case bytesField(2): {
            auto read = readWrappedType(cursor.bytes(), type, depth);
            type.kind = MilType::Kind::List;
            return read;
        }
        case bytesField(3):
            type.kind = MilType::Kind::Tuple;
            return {};
        case bytesField(4):
            type.kind = MilType::Kind::Dictionary;
            return {};
        case bytesField(5):
            return readWrappedType(cursor.bytes(), type, depth);
        default:
            return {};
        }
    });
}

Result<void> MilProtoValues::readNamedType(std::string_view message, MilNamedType &named)
{
    if (auto entered = enter(0); !entered) {
        return entered;
    }
    return m_file.forEachField(message, [&](ProtobufCursor &cursor) -> Void {
        if (cursor.field() == bytesField(1)) {
            named.name = cursor.bytes();
        }
        return cursor.field() == bytesField(2) ? readType(cursor.bytes(), named.type, 0) : Void{};
    });
}

Result<void> MilProtoValues::readTensorValue(std::string_view message, MilValue &value)
{
    return m_file.forEachField(message, [&](ProtobufCursor &cursor) -> Void {
        const std::uint32_t kind = cursor.field();
        const std::uint32_t number = kind >> 3U;
        if (number < 1 || number > 7 || kind != bytesField(number)) {
            return {};
        }
        const std::string_view elements = cursor.bytes();
        if (kind == kBytes) {
            auto &raw = value.data.emplace<MilRawData>();
            return m_file.forEachField(elements, [&](ProtobufCursor &field) {
                raw.bytes = field.field() == bytesField(1) ? field.bytes() : raw.bytes;
            });
        }
        if (kind == kTexts) {
            auto &texts = value.data.emplace<Texts>();
            return m_file.forEachField(elements, [&](ProtobufCursor &field) {
                if (field.field() == bytesField(1)) {
                    texts.emplace_back(field.bytes());
                }
            });
        }
        if (kind == kFloats || kind == kDoubles) {
            auto &reals = value.data.emplace<Reals>();
            return m_file.forEachField(
                elements, [&](ProtobufCursor &field) { addReals(field, kind == kFloats, reals); });
        }
        auto &integers = value.data.emplace<Integers>();
        return m_file.forEachField(elements,
                                   [&](ProtobufCursor &field) { addIntegers(field, integers); });
    });
}

Result<void> MilProtoValues::readParts(std::string_view message, MilValue &value, int depth)
{
    std::vector<MilValue> parts;
    auto done = m_file.forEachField(message, [&](ProtobufCursor &cursor) {
        return cursor.field() == bytesField(1)
                   ? readValue(cursor.bytes(), parts.emplace_back(), depth + 1)
                   : Void{};
    });
    value.data = std::move(parts);
    return done;
}

Result<void> MilProtoValues::readImmediate(std::string_view message, MilValue &value, int depth)
{
    return m_file.forEachField(message, [&](ProtobufCursor &cursor) -> Void {
        switch (cursor.field()) {
        case bytesField(1):
            return readTensorValue(cursor.bytes(), value);
        case bytesField(2):
        case bytesField(3):
            return readParts(cursor.bytes(), value, depth);
        default:
            return {};
        }
    });
}

Result<void> MilProtoValues::readBlob(std::string_view message, MilValue &value)
{
    auto &blob = value.data.emplace<MilBlob>();
    return m_file.forEachField(message, [&](ProtobufCursor &cursor) {
        if (cursor.field() == bytesField(1)) {
            blob.file = cursor.bytes();
        } else if (cursor.field() == varintField(2)) {
            blob.offset = cursor.varint();
        }
    });
}

Result<void> MilProtoValues::readValue(std::string_view message, MilValue &value, int depth)
{
    if (auto entered = enter(depth); !entered) {
        return entered;
    }
    return m_file.forEachField(message, [&](ProtobufCursor &cursor) -> Void {
        switch (cursor.field()) {
        case bytesField(2):
            return readType(cursor.bytes(), value.type, depth + 1);
        case bytesField(3):
            return readImmediate(cursor.bytes(), value, depth);
        case bytesField(5):
            return readBlob(cursor.bytes(), value);
        default:
            return {};
        }
    });
}

Result<void> MilProtoValues::readValue(std::string_view message,
                                       std::shared_ptr<const MilValue> &value, int depth)
{
    const auto made = std::make_shared<MilValue>();
    value = made;
    return readValue(message, *made, depth);
}

} // namespace syncpoint
