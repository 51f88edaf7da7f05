#include "core/formats/onnx/tensor_reader.h"
#include "core/formats/protobuf_cursor.h"

#include <algorithm>
#include <cstring>
#include <fmt/format.h>

namespace syncpoint {

namespace {
/// Where ONNX keeps the elements of a type when not in raw_data. Source: onnx.proto, TensorProto.
enum : std::uint32_t {
    kFloatData = 4,
    kInt32Data = 5,
    kStringData = 6,
    kInt64Data = 7,
    kDoubleData = 10,
    kUint64Data = 11
};

std::uint32_t dataField(DType dtype)
{
    switch (dtype) {
    case DType::Float32:
    case DType::Complex64:
        return kFloatData;
    case DType::Float64:
    case DType::Complex128:
        return kDoubleData;
    case DType::Int64:
        return kInt64Data;
    case DType::UInt32:
    case DType::UInt64:
        return kUint64Data;
    case DType::String:
        return kStringData;
    default:
        return kInt32Data; // also half floats as bit patterns, and packed types one byte per entry
    }
}

/// Bytes of the tensor that one entry of the data field gives.
std::size_t bytesPerEntry(DType dtype)
{
    const std::size_t bytes = std::max<std::size_t>(bitWidth(dtype) / 8, 1);
    return dtype == DType::Complex64 || dtype == DType::Complex128 ? bytes / 2 : bytes;
}

class TypedDataDecoder
{
public:
    TypedDataDecoder(const TensorInfo &info, std::size_t expectedBytes)
        : m_field(dataField(info.dtype)), m_entryBytes(bytesPerEntry(info.dtype)),
          m_expected(expectedBytes)
    {
    }

    /// False when the message is damaged or holds too much.
    bool decode(std::string_view message)
    {
        ProtobufCursor cursor(message);
        while (cursor.next()) {
            const std::uint32_t field = cursor.field();
            if (field == bytesField(m_field)) {
                addPacked(cursor.bytes());
            } else if (field == varintField(m_field)) {
                addInteger(cursor.varint());
            } else if (field == float32Field(m_field)) {
                const float value = cursor.float32();
                addBytes(&value, sizeof(value));
            } else if (field == float64Field(m_field)) {
                const double value = cursor.float64();
                addBytes(&value, sizeof(value));
            }
            if (m_bytes.size() > m_expected) {
                return false;
            }
        }
        return !cursor.failed() && !m_isDamaged;
    }
    std::vector<std::byte> &bytes() { return m_bytes; }

private:
    void addBytes(const void *data, std::size_t count)
    {
        const auto *from = static_cast<const std::byte *>(data);
        m_bytes.insert(m_bytes.end(), from, from + count);
    }
    void addInteger(std::uint64_t value) { addBytes(&value, m_entryBytes); } // little-endian
    void addPacked(std::string_view packed)
    {
        if (m_field == kFloatData || m_field == kDoubleData) {
            m_isDamaged = m_isDamaged || packed.size() % m_entryBytes != 0 ||
                          packed.size() > m_expected - m_bytes.size();
            if (!m_isDamaged) {
                addBytes(packed.data(), packed.size());
            }
            return;
        }
        // Every varint takes at least one byte, so this cannot grow beyond eight times the message.
        std::vector<std::int64_t> values;
        m_isDamaged = m_isDamaged || !decodeVarints(packed, values);
        for (const std::int64_t value : values) {
            addInteger(static_cast<std::uint64_t>(value));
        }
    }

    std::uint32_t m_field;
    std::size_t m_entryBytes;
    std::size_t m_expected;
    std::vector<std::byte> m_bytes;
    bool m_isDamaged = false;
};

/// Strings one after the other, each ended by NUL; what follows a NUL inside a string is cut.
std::vector<std::byte> decodeStrings(std::string_view message, std::uint64_t &count)
{
    std::vector<std::byte> bytes;
    ProtobufCursor cursor(message);
    while (cursor.next()) {
        if (cursor.field() == bytesField(kStringData)) {
            std::string_view text = cursor.bytes();
            text = text.substr(0, text.find('\0'));
            const auto *from = reinterpret_cast<const std::byte *>(text.data());
            bytes.insert(bytes.end(), from, from + text.size());
            bytes.push_back(std::byte{0});
            ++count;
        }
    }
    return bytes;
}

Error countError(const TensorInfo &info)
{
    return {ErrorCode::BadFormat,
            fmt::format("the data does not hold the {} elements of its shape {}", info.elements(),
                        toText(info.shape))};
}
} // namespace

Result<std::optional<std::vector<std::byte>>> decodeTypedData(std::string_view message,
                                                              const TensorInfo &info)
{
    using Bytes = std::optional<std::vector<std::byte>>;
    if (info.dtype == DType::String) {
        std::uint64_t count = 0;
        auto bytes = decodeStrings(message, count);
        if (count != info.elements()) {
            return count == 0 ? Result<Bytes>(Bytes{}) : Result<Bytes>(countError(info));
        }
        return Bytes(std::move(bytes));
    }
    const auto expected = storageBytes(info.dtype, info.elements());
    if (!expected) {
        return countError(info);
    }
    TypedDataDecoder decoder(info, *expected);
    if (!decoder.decode(message)) {
        return countError(info);
    }
    if (decoder.bytes().size() != *expected) {
        return decoder.bytes().empty() ? Result<Bytes>(Bytes{}) : Result<Bytes>(countError(info));
    }
    return Bytes(std::move(decoder.bytes()));
}

} // namespace syncpoint
