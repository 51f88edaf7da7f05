#pragma once
#include "core/base/result.h"

#include <cstdint>
#include <protozero/pbf_reader.hpp>
#include <string_view>
#include <type_traits>
#include <vector>

namespace syncpoint {

/// Walks the fields of one protobuf message without a copy. A damaged message ends the walk and
/// leaves failed() true; no exception and no protozero assert can be reached from file content:
/// fields are told apart by number and wire type together (see field()).
class ProtobufCursor
{
public:
    explicit ProtobufCursor(std::string_view message)
        : m_reader(protozero::data_view(message.data(), message.size())), m_message(message)
    {
    }

    /// Goes to the next field, skipping the current one unless it was read.
    bool next();
    /// Number and wire type of the current field, to compare with the constants of bytesField(),
    /// varintField(), ….
    std::uint32_t field() const { return m_reader.tag_and_type(); }

    std::string_view bytes();
    std::uint64_t varint();
    std::int64_t integer() { return static_cast<std::int64_t>(varint()); }
    float float32();
    double float64();
    /// Appends the values of a packed repeated varint field.
    void packedVarints(std::vector<std::int64_t> &out);
    /// Append the values of a packed repeated float or double field.
    void packedFloats(std::vector<double> &out) { packedReals<float>(out); }
    void packedDoubles(std::vector<double> &out) { packedReals<double>(out); }

    bool failed() const { return m_failed; }
    /// Bytes of the message that were read before the damage.
    std::size_t position() const { return m_message.size() - m_reader.length(); }

private:
    template <typename Read>
    auto guarded(Read read) -> decltype(read());
    template <typename Real>
    void packedReals(std::vector<double> &out);

    protozero::pbf_reader m_reader;
    std::string_view m_message;
    bool m_isRead = true;
    bool m_failed = false;
};

/// The messages of one file; damage is told by its place in the file.
class ProtobufFile
{
public:
    explicit ProtobufFile(std::string_view bytes) : m_bytes(bytes) {}

    /// Calls `visit(cursor)` for every field of `message`, which lies in the file. Ends with the
    /// first error when it returns a Result<void>.
    template <typename Visit>
    Result<void> forEachField(std::string_view message, Visit visit) const
    {
        Result<void> status;
        ProtobufCursor cursor(message);
        while (status && cursor.next()) {
            if constexpr (std::is_void_v<std::invoke_result_t<Visit, ProtobufCursor &>>) {
                visit(cursor);
            } else {
                status = visit(cursor);
            }
        }
        return status && cursor.failed() ? damage(message, cursor.position()) : status;
    }

private:
    Error damage(std::string_view message, std::size_t position) const;

    std::string_view m_bytes;
};

/// Appends the varints that `packed` is made of; false when it is damaged.
bool decodeVarints(std::string_view packed, std::vector<std::int64_t> &out);

constexpr std::uint32_t bytesField(std::uint32_t number)
{
    return (number << 3U) | 2U;
}
constexpr std::uint32_t varintField(std::uint32_t number)
{
    return number << 3U;
}
constexpr std::uint32_t float32Field(std::uint32_t number)
{
    return (number << 3U) | 5U;
}
constexpr std::uint32_t float64Field(std::uint32_t number)
{
    return (number << 3U) | 1U;
}

} // namespace syncpoint
