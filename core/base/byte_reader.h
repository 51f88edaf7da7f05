#pragma once
#include <bit>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <optional>
#include <span>
#include <string_view>
#include <type_traits>

namespace syncpoint {

/// Reads little-endian numbers from a byte range and never past its end: every read that would
/// leave it returns nothing and the position stays.
class ByteReader
{
public:
    explicit ByteReader(std::span<const std::byte> bytes) : m_bytes(bytes) {}

    std::size_t position() const { return m_position; }
    std::size_t remaining() const { return m_bytes.size() - m_position; }

    template <typename T>
    requires std::is_trivially_copyable_v<T> std::optional<T> read()
    {
        static_assert(std::endian::native == std::endian::little);
        if (remaining() < sizeof(T)) {
            return std::nullopt;
        }
        T value;
        std::memcpy(&value, m_bytes.data() + m_position, sizeof(T));
        m_position += sizeof(T);
        return value;
    }
    std::optional<std::span<const std::byte>> readBytes(std::size_t count)
    {
        if (remaining() < count) {
            return std::nullopt;
        }
        const auto part = m_bytes.subspan(m_position, count);
        m_position += count;
        return part;
    }
    bool seek(std::size_t position)
    {
        if (position > m_bytes.size()) {
            return false;
        }
        m_position = position;
        return true;
    }

private:
    std::span<const std::byte> m_bytes;
    std::size_t m_position = 0;
};

/// The bytes as text, without a copy and without looking for a terminator.
inline std::string_view asText(std::span<const std::byte> bytes)
{
    return {reinterpret_cast<const char *>(bytes.data()), bytes.size()};
}

} // namespace syncpoint
