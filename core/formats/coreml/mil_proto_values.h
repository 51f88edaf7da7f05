#pragma once
#include "core/formats/coreml/mil_program.h"
#include "core/formats/protobuf_cursor.h"

#include <cstddef>
#include <memory>
#include <string_view>

namespace syncpoint {

/// Reads the types and values of a serialized program. Every read…() fills in place and returns
/// what is wrong; limits are those of mil_proto.h.
class MilProtoValues
{
public:
    explicit MilProtoValues(const ProtobufFile &file) : m_file(file) {}

    Result<void> readNamedType(std::string_view message, MilNamedType &named);
    Result<void> readValue(std::string_view message, std::shared_ptr<const MilValue> &value,
                           int depth);
    /// Counts a part of the program; fails when it is one too many or too deep.
    Result<void> enter(int depth);

private:
    using Void = Result<void>;

    Void readType(std::string_view message, MilType &type, int depth);
    Void readWrappedType(std::string_view message, MilType &type, int depth);
    Void readTensorType(std::string_view message, MilType &type);
    Void readDimension(std::string_view message, std::int64_t &extent);
    Void readValue(std::string_view message, MilValue &value, int depth);
    Void readBlob(std::string_view message, MilValue &value);
    Void readImmediate(std::string_view message, MilValue &value, int depth);
    Void readParts(std::string_view message, MilValue &value, int depth);
    Void readTensorValue(std::string_view message, MilValue &value);

    const ProtobufFile &m_file;
    std::size_t m_parts = 0;
};

} // namespace syncpoint
