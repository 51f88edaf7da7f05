#include "core/formats/coreml/mil_proto.h"

#include "core/formats/coreml/mil_proto_values.h"

#include <algorithm>
#include <fmt/format.h>

namespace syncpoint {

namespace {
struct MapEntry
{
    std::string_view key;
    std::string_view value;
};

class ProgramReader
{
public:
    explicit ProgramReader(std::string_view file) : m_file(file), m_values(m_file) {}

    Result<void> readProgram(std::string_view message, MilProgram &program);

private:
    using Void = Result<void>;

    Result<MapEntry> readEntry(std::string_view message);
    Void readFunction(std::string_view message, MilFunction &function);
    Void readBlock(std::string_view message, MilBlock &block, int depth);
    Void readOperation(std::string_view message, MilOperation &operation, int depth);
    Void readArgument(std::string_view message, MilArgument &argument, int depth);
    Void readBinding(std::string_view message, MilBinding &binding, int depth);

    ProtobufFile m_file;
    MilProtoValues m_values;
};

Result<MapEntry> ProgramReader::readEntry(std::string_view message)
{
    MapEntry entry;
    auto done = m_file.forEachField(message, [&](ProtobufCursor &cursor) {
        if (cursor.field() == bytesField(1)) {
            entry.key = cursor.bytes();
        } else if (cursor.field() == bytesField(2)) {
            entry.value = cursor.bytes();
        }
    });
    return done ? Result<MapEntry>(entry) : done.error();
}

Result<void> ProgramReader::readBinding(std::string_view message, MilBinding &binding, int depth)
{
    return m_file.forEachField(message, [&](ProtobufCursor &cursor) -> Void {
        if (cursor.field() == bytesField(1)) {
            binding.name = cursor.bytes();
        }
        return cursor.field() == bytesField(2)
                   ? m_values.readValue(cursor.bytes(), binding.value, depth)
                   : Void{};
    });
}

Result<void> ProgramReader::readArgument(std::string_view message, MilArgument &argument, int depth)
{
    if (auto entered = m_values.enter(depth); !entered) {
        return entered;
    }
    return m_file.forEachField(message, [&](ProtobufCursor &cursor) {
        return cursor.field() == bytesField(1)
                   ? readBinding(cursor.bytes(), argument.bindings.emplace_back(), depth)
                   : Void{};
    });
}

Result<void> ProgramReader::readOperation(std::string_view message, MilOperation &operation,
                                          int depth)
{
    if (auto entered = m_values.enter(depth); !entered) {
        return entered;
    }
    return m_file.forEachField(message, [&](ProtobufCursor &cursor) -> Void {
        switch (cursor.field()) {
        case bytesField(1):
            operation.type = cursor.bytes();
            return {};
        case bytesField(2): {
            const auto entry = readEntry(cursor.bytes());
            if (!entry) {
                return entry.error();
            }
            operation.inputs.push_back({std::string(entry->key), {}});
            return readArgument(entry->value, operation.inputs.back(), depth + 1);
        }
        case bytesField(3):
            return m_values.readNamedType(cursor.bytes(), operation.outputs.emplace_back());
        case bytesField(4):
            return readBlock(cursor.bytes(), operation.blocks.emplace_back(), depth + 1);
        case bytesField(5): {
            const auto entry = readEntry(cursor.bytes());
            if (!entry) {
                return entry.error();
            }
            auto &[name, value] = operation.attributes.emplace_back(entry->key, nullptr);
            return m_values.readValue(entry->value, value, depth + 1);
        }
        default:
            return {};
        }
    });
}

std::string placeOf(const MilOperation &operation, std::size_t index)
{
    const std::string &name =
        operation.outputs.empty() ? operation.type : operation.outputs.front().name;
    return fmt::format("operation {} '{}'", index, name.substr(0, 80));
}

Result<void> ProgramReader::readBlock(std::string_view message, MilBlock &block, int depth)
{
    if (auto entered = m_values.enter(depth); !entered) {
        return entered;
    }
    return m_file.forEachField(message, [&](ProtobufCursor &cursor) -> Void {
        if (cursor.field() == bytesField(1)) {
            return m_values.readNamedType(cursor.bytes(), block.inputs.emplace_back());
        }
        if (cursor.field() == bytesField(2)) {
            block.outputs.emplace_back(cursor.bytes());
        }
        if (cursor.field() != bytesField(3)) {
            return {};
        }
        auto &operation = block.operations.emplace_back();
        auto read = readOperation(cursor.bytes(), operation, depth);
        return read ? read
                    : read.error().withContext(placeOf(operation, block.operations.size() - 1));
    });
}

Result<void> ProgramReader::readFunction(std::string_view message, MilFunction &function)
{
    std::vector<MapEntry> blocks; // by op set
    auto done = m_file.forEachField(message, [&](ProtobufCursor &cursor) -> Void {
        if (cursor.field() == bytesField(1)) {
            return m_values.readNamedType(cursor.bytes(), function.inputs.emplace_back());
        }
        if (cursor.field() == bytesField(2)) {
            function.opset = cursor.bytes();
        } else if (cursor.field() == bytesField(3)) {
            const auto entry = readEntry(cursor.bytes());
            if (!entry) {
                return entry.error();
            }
            blocks.push_back(*entry);
        }
        return {};
    });
    if (!done) {
        return done;
    }
    const auto chosen = std::find_if(blocks.begin(), blocks.end(), [&](const MapEntry &entry) {
        return entry.key == function.opset;
    });
    if (chosen == blocks.end()) {
        return Error{ErrorCode::BadFormat,
                     fmt::format("it has no block for its op set '{}'", function.opset)};
    }
    return readBlock(chosen->value, function.block, 0);
}

Result<void> ProgramReader::readProgram(std::string_view message, MilProgram &program)
{
    return m_file.forEachField(message, [&](ProtobufCursor &cursor) -> Void {
        if (cursor.field() != bytesField(2)) {
            return {};
        }
        const auto entry = readEntry(cursor.bytes());
        if (!entry) {
            return entry.error();
        }
        MilFunction &function = program.functions.emplace_back();
        function.name = entry->key;
        auto read = readFunction(entry->value, function);
        return read ? read
                    : read.error().withContext(
                          fmt::format("function '{}'", function.name.substr(0, 80)));
    });
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
