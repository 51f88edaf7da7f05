#pragma once
#include "core/base/byte_reader.h"

#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>
#include <type_traits>

namespace syncpoint::hdf5 {

using Bytes = std::span<const std::byte>;

/// Reads numbers one after the other; after the first one that is not there, nothing counts.
class FieldReader
{
public:
    explicit FieldReader(Bytes bytes) : m_bytes(bytes) {}

    template <typename T>
    T take()
    {
        const auto value = m_bytes.read<T>();
        m_isWhole = m_isWhole && value.has_value();
        return value.value_or(T{});
    }
    Bytes takeBytes(std::size_t count)
    {
        const auto part = m_bytes.readBytes(count);
        m_isWhole = m_isWhole && part.has_value();
        return part.value_or(Bytes{});
    }
    template <typename T>
    requires std::is_arithmetic_v<T>
    void expect(T wanted) { m_isWhole = take<T>() == wanted && m_isWhole; }
    void expect(std::string_view wanted)
    {
        m_isWhole = asText(takeBytes(wanted.size())) == wanted && m_isWhole;
    }
    std::size_t position() const { return m_bytes.position(); }
    std::size_t remaining() const { return m_bytes.remaining(); }
    bool isWhole() const { return m_isWhole; } ///< all that was asked for was there

private:
    ByteReader m_bytes;
    bool m_isWhole = true;
};

/// Bytes that may be read yet.
class ReadBudget
{
public:
    explicit ReadBudget(std::uint64_t bytes) : m_bytes(bytes) {}

    bool take(std::uint64_t bytes)
    {
        const bool isThere = bytes <= m_bytes;
        m_bytes -= isThere ? bytes : 0;
        return isThere;
    }

private:
    std::uint64_t m_bytes;
};

} // namespace syncpoint::hdf5
