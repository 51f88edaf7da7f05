#include "core/formats/coreml/mil_proto.h"

#include "core/formats/protobuf_cursor.h"

#include <algorithm>
#include <cstring>
#include <fmt/format.h>

namespace syncpoint {

namespace {
constexpr int kDeepestNesting = 64;
constexpr std::size_t kMostMessages = 16'000'000;
constexpr std::int64_t kAnyAxes = -2; // an extent that stands for any number of axes

class ProgramReader
{
public:
    explicit ProgramReader(std::string_view file) : m_file(file) {}

    Result<void> readProgram(std::string_view message, MilProgram &program);

private:
    using Void = Result<void>;

    /// Where the walk over `message` ended, if too early.
    Void end(const ProtobufCursor &cursor, std::string_view message) const;
    Void enter(int depth);
    Void readMapEntry(std::string_view message, std::string_view &key, std::string_view &value);
    Void readFunction(std::string_view message, MilFunction &function);
    Void readBlock(std::string_view message, MilBlock &block, int depth);
    Void readOperation(std::string_view message, MilOperation &operation, int depth);
    Void readArgument(std::string_view message, MilArgument &argument, int depth);
    Void readNamedType(std::string_view message, MilNamedType &named);
    Void readType(std::string_view message, MilType &type, int depth);
    Void readTensorType(std::string_view message, MilType &type);
    Void readDimension(std::string_view message, std::int64_t &extent);
    Void readSharedValue(std::string_view message, std::shared_ptr<const MilValue> &value,
                         int depth);
    Void readValue(std::string_view message, MilValue &value, int depth);
    Void readImmediate(std::string_view message, MilValue &value, int depth);
    Void readParts(std::string_view message, MilValue &value, int depth);
    Void readTensorValue(std::string_view message, MilValue &value);

    std::string_view m_file;
    std::size_t m_messages = 0;
};

Result<void> ProgramReader::end(const ProtobufCursor &cursor, std::string_view message) const
{
    if (!cursor.failed()) {
        return {};
    }
    const auto start = static_cast<std::size_t>(message.data() - m_file.data());
    return Error{ErrorCode::BadFormat,
                 fmt::format("damaged field at byte {}", start + cursor.position())};
}

Result<void> ProgramReader::enter(int depth)
{
    if (depth > kDeepestNesting) {
        return Error{ErrorCode::Limit,
                     fmt::format("blocks or values nest more than {} deep", kDeepestNesting)};
    }
    if (++m_messages > kMostMessages) {
        return Error{ErrorCode::Limit,
                     fmt::format("the program has more than {} parts", kMostMessages)};
    }
    return {};
}

Result<void> ProgramReader::readMapEntry(std::string_view message, std::string_view &key,
                                         std::string_view &value)
{
    ProtobufCursor cursor(message);
    while (cursor.next()) {
        if (cursor.field() == bytesField(1)) {
            key = cursor.bytes();
        } else if (cursor.field() == bytesField(2)) {
            value = cursor.bytes();
        }
    }
    return end(cursor, message);
}

Result<void> ProgramReader::readDimension(std::string_view message, std::int64_t &extent)
{
    bool isVariadic = false;
    ProtobufCursor cursor(message);
    while (cursor.next()) {
        const bool isKnown = cursor.field() == bytesField(1);
        if (!isKnown && cursor.field() != bytesField(2)) {
            continue;
        }
        extent = isKnown ? 0 : -1;
        const std::string_view inner = cursor.bytes();
        ProtobufCursor fields(inner);
        while (fields.next()) {
            if (fields.field() == varintField(1)) {
                const std::int64_t number = fields.integer();
                isVariadic = !isKnown && number != 0;
                extent = isKnown ? number : -1;
            }
        }
        if (auto done = end(fields, inner); !done) {
            return done;
        }
    }
    extent = isVariadic || extent < -1 ? kAnyAxes : extent;
    return end(cursor, message);
}

Result<void> ProgramReader::readTensorType(std::string_view message, MilType &type)
{
    Shape shape;
    std::int64_t rank = 0;
    bool isKnown = true;
    Void status;
    ProtobufCursor cursor(message);
    while (status && cursor.next()) {
        if (cursor.field() == varintField(1)) {
            type.dtype = dtypeOfMil(cursor.integer());
        } else if (cursor.field() == varintField(2)) {
            rank = cursor.integer();
        } else if (cursor.field() == bytesField(3)) {
            status = readDimension(cursor.bytes(), shape.emplace_back());
            isKnown = isKnown && shape.back() != kAnyAxes;
        }
    }
    isKnown = isKnown && rank == static_cast<std::int64_t>(shape.size());
    type.shape = isKnown ? std::optional(std::move(shape)) : std::nullopt;
    return status ? end(cursor, message) : status;
}

Result<void> ProgramReader::readType(std::string_view message, MilType &type, int depth)
{
    Void status = enter(depth);
    ProtobufCursor cursor(message);
    while (status && cursor.next()) {
        switch (cursor.field()) {
        case bytesField(1):
            status = readTensorType(cursor.bytes(), type);
            break;
        case bytesField(2):
        case bytesField(5): { // lists and states wrap one type
            const bool isList = cursor.field() == bytesField(2);
            const std::string_view inner = cursor.bytes();
            ProtobufCursor fields(inner);
            while (status && fields.next()) {
                if (fields.field() == bytesField(1)) {
                    status = readType(fields.bytes(), type, depth + 1);
                }
            }
            status = status ? end(fields, inner) : status;
            type.kind = isList ? MilType::Kind::List : type.kind;
            break;
        }
        case bytesField(3):
            type.kind = MilType::Kind::Tuple;
            break;
        case bytesField(4):
            type.kind = MilType::Kind::Dictionary;
            break;
        default:
            break;
        }
    }
    return status ? end(cursor, message) : status;
}

Result<void> ProgramReader::readNamedType(std::string_view message, MilNamedType &named)
{
    Void status = enter(0);
    ProtobufCursor cursor(message);
    while (status && cursor.next()) {
        if (cursor.field() == bytesField(1)) {
            named.name = cursor.bytes();
        } else if (cursor.field() == bytesField(2)) {
            status = readType(cursor.bytes(), named.type, 0);
        }
    }
    return status ? end(cursor, message) : status;
}

/// The values of a RepeatedFloats, RepeatedInts, … message.
void readNumbers(ProtobufCursor &values, std::uint32_t kind, MilValue &value)
{
    const auto number = values.field();
    if (number == float32Field(1)) {
        std::get<std::vector<double>>(value.data).push_back(static_cast<double>(values.float32()));
    } else if (number == float64Field(1)) {
        std::get<std::vector<double>>(value.data).push_back(values.float64());
    } else if (number == varintField(1)) {
        std::get<std::vector<std::int64_t>>(value.data).push_back(values.integer());
    } else if (number == bytesField(1) && kind == bytesField(1)) {
        values.packedFloats(std::get<std::vector<double>>(value.data));
    } else if (number == bytesField(1) && kind == bytesField(6)) {
        const std::string_view packed = values.bytes();
        auto &out = std::get<std::vector<double>>(value.data);
        const std::size_t before = out.size();
        out.resize(before + packed.size() / sizeof(double));
        std::memcpy(out.data() + before, packed.data(), (out.size() - before) * sizeof(double));
    } else if (number == bytesField(1)) {
        values.packedVarints(std::get<std::vector<std::int64_t>>(value.data));
    }
}

Result<void> ProgramReader::readTensorValue(std::string_view message, MilValue &value)
{
    Void status;
    ProtobufCursor cursor(message);
    while (status && cursor.next()) {
        const std::uint32_t kind = cursor.field();
        const std::uint32_t number = kind >> 3U;
        if (number < 1 || number > 7 || kind != bytesField(number)) {
            continue;
        }
        const bool isReal = kind == bytesField(1) || kind == bytesField(6);
        if (kind == bytesField(7)) {
            value.data = MilRawData{};
        } else if (kind == bytesField(4)) {
            value.data = std::vector<std::string>{};
        } else if (isReal) {
            value.data = std::vector<double>{};
        } else {
            value.data = std::vector<std::int64_t>{};
        }
        const std::string_view inner = cursor.bytes();
        ProtobufCursor values(inner);
        while (values.next()) {
            const bool isBytes = values.field() == bytesField(1);
            if (auto *raw = std::get_if<MilRawData>(&value.data)) {
                raw->bytes = isBytes ? values.bytes() : raw->bytes;
            } else if (auto *texts = std::get_if<std::vector<std::string>>(&value.data)) {
                if (isBytes) {
                    texts->emplace_back(values.bytes());
                }
            } else if (isBytes || (isReal ? values.field() != varintField(1)
                                          : values.field() == varintField(1))) {
                readNumbers(values, kind, value);
            }
        }
        status = end(values, inner);
    }
    return status ? end(cursor, message) : status;
}

Result<void> ProgramReader::readParts(std::string_view message, MilValue &value, int depth)
{
    std::vector<MilValue> parts;
    Void status;
    ProtobufCursor cursor(message);
    while (status && cursor.next()) {
        if (cursor.field() == bytesField(1)) {
            status = readValue(cursor.bytes(), parts.emplace_back(), depth + 1);
        }
    }
    value.data = std::move(parts);
    return status ? end(cursor, message) : status;
}

Result<void> ProgramReader::readImmediate(std::string_view message, MilValue &value, int depth)
{
    Void status;
    ProtobufCursor cursor(message);
    while (status && cursor.next()) {
        if (cursor.field() == bytesField(1)) {
            status = readTensorValue(cursor.bytes(), value);
        } else if (cursor.field() == bytesField(2) || cursor.field() == bytesField(3)) {
            status = readParts(cursor.bytes(), value, depth);
        }
    }
    return status ? end(cursor, message) : status;
}

Result<void> ProgramReader::readValue(std::string_view message, MilValue &value, int depth)
{
    Void status = enter(depth);
    ProtobufCursor cursor(message);
    while (status && cursor.next()) {
        if (cursor.field() == bytesField(2)) {
            status = readType(cursor.bytes(), value.type, depth + 1);
        } else if (cursor.field() == bytesField(3)) {
            status = readImmediate(cursor.bytes(), value, depth);
        } else if (cursor.field() == bytesField(5)) {
            MilBlob blob;
            const std::string_view inner = cursor.bytes();
            ProtobufCursor fields(inner);
            while (fields.next()) {
                if (fields.field() == bytesField(1)) {
                    blob.file = fields.bytes();
                } else if (fields.field() == varintField(2)) {
                    blob.offset = fields.varint();
                }
            }
            value.data = std::move(blob);
            status = end(fields, inner);
        }
    }
    return status ? end(cursor, message) : status;
}

Result<void> ProgramReader::readSharedValue(std::string_view message,
                                            std::shared_ptr<const MilValue> &value, int depth)
{
    const auto made = std::make_shared<MilValue>();
    value = made;
    return readValue(message, *made, depth);
}

Result<void> ProgramReader::readArgument(std::string_view message, MilArgument &argument, int depth)
{
    Void status = enter(depth);
    ProtobufCursor cursor(message);
    while (status && cursor.next()) {
        if (cursor.field() != bytesField(1)) {
            continue;
        }
        MilBinding &binding = argument.bindings.emplace_back();
        const std::string_view inner = cursor.bytes();
        ProtobufCursor fields(inner);
        while (status && fields.next()) {
            if (fields.field() == bytesField(1)) {
                binding.name = fields.bytes();
            } else if (fields.field() == bytesField(2)) {
                status = readSharedValue(fields.bytes(), binding.value, depth);
            }
        }
        status = status ? end(fields, inner) : status;
    }
    return status ? end(cursor, message) : status;
}

Result<void> ProgramReader::readOperation(std::string_view message, MilOperation &operation,
                                          int depth)
{
    Void status = enter(depth);
    ProtobufCursor cursor(message);
    while (status && cursor.next()) {
        std::string_view key, body;
        switch (cursor.field()) {
        case bytesField(1):
            operation.type = cursor.bytes();
            break;
        case bytesField(2):
            if (status = readMapEntry(cursor.bytes(), key, body); status) {
                operation.inputs.push_back({std::string(key), {}});
                status = readArgument(body, operation.inputs.back(), depth + 1);
            }
            break;
        case bytesField(3):
            status = readNamedType(cursor.bytes(), operation.outputs.emplace_back());
            break;
        case bytesField(4):
            status = readBlock(cursor.bytes(), operation.blocks.emplace_back(), depth + 1);
            break;
        case bytesField(5):
            if (status = readMapEntry(cursor.bytes(), key, body); status) {
                operation.attributes.emplace_back(key, nullptr);
                status = readSharedValue(body, operation.attributes.back().second, depth + 1);
            }
            break;
        default:
            break;
        }
    }
    return status ? end(cursor, message) : status;
}

std::string placeOf(const MilOperation &operation, std::size_t index)
{
    const std::string &name =
        operation.outputs.empty() ? operation.type : operation.outputs.front().name;
    return fmt::format("operation {} '{}'", index, name.substr(0, 80));
}

Result<void> ProgramReader::readBlock(std::string_view message, MilBlock &block, int depth)
{
    Void status = enter(depth);
    ProtobufCursor cursor(message);
    while (status && cursor.next()) {
        if (cursor.field() == bytesField(1)) {
            status = readNamedType(cursor.bytes(), block.inputs.emplace_back());
        } else if (cursor.field() == bytesField(2)) {
            block.outputs.emplace_back(cursor.bytes());
        } else if (cursor.field() == bytesField(3)) {
            auto &operation = block.operations.emplace_back();
            status = readOperation(cursor.bytes(), operation, depth);
            if (!status) {
                return status.error().withContext(placeOf(operation, block.operations.size() - 1));
            }
        }
    }
    return status ? end(cursor, message) : status;
}

Result<void> ProgramReader::readFunction(std::string_view message, MilFunction &function)
{
    Void status;
    std::vector<std::pair<std::string_view, std::string_view>> blocks; // by op set
    ProtobufCursor cursor(message);
    while (status && cursor.next()) {
        if (cursor.field() == bytesField(1)) {
            status = readNamedType(cursor.bytes(), function.inputs.emplace_back());
        } else if (cursor.field() == bytesField(2)) {
            function.opset = cursor.bytes();
        } else if (cursor.field() == bytesField(3)) {
            auto &[opset, block] = blocks.emplace_back();
            status = readMapEntry(cursor.bytes(), opset, block);
        }
    }
    if (!status || cursor.failed()) {
        return status ? end(cursor, message) : status;
    }
    const auto chosen = std::find_if(blocks.begin(), blocks.end(), [&](const auto &entry) {
        return entry.first == function.opset;
    });
    if (chosen == blocks.end()) {
        return Error{ErrorCode::BadFormat,
                     fmt::format("it has no block for its op set '{}'", function.opset)};
    }
    return readBlock(chosen->second, function.block, 0);
}

Result<void> ProgramReader::readProgram(std::string_view message, MilProgram &program)
{
    Void status;
    ProtobufCursor cursor(message);
    while (status && cursor.next()) {
        if (cursor.field() != bytesField(2)) {
            continue;
        }
        std::string_view key, body;
        if (status = readMapEntry(cursor.bytes(), key, body); status) {
            MilFunction &function = program.functions.emplace_back();
            function.name = key;
            status = readFunction(body, function);
            if (!status) {
                return status.error().withContext(
                    fmt::format("function '{}'", function.name.substr(0, 80)));
            }
        }
    }
    return status ? end(cursor, message) : status;
}
} // namespace

Result<MilProgram> parseMilProto(std::string_view file, std::string_view program)
{
    MilProgram result;
    if (auto read = ProgramReader(file).readProgram(program, result); !read) {
        return read.error();
    }
    return result;
}

} // namespace syncpoint
