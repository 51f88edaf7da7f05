#pragma once
#include <bit>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <span>
#include <string_view>
#include <type_traits>
#include <vector>

namespace syncpoint::hdf5 {

constexpr std::uint64_t kNoAddress = UINT64_MAX; ///< HDF5's "undefined address"

/// Bytes put together piece by piece; numbers are little-endian.
class ByteWriter
{
public:
    template <typename Number>
    requires std::is_arithmetic_v<Number> ByteWriter &put(Number number)
    {
        static_assert(std::endian::native == std::endian::little);
        return put(std::as_bytes(std::span(&number, 1)));
    }
    ByteWriter &put(std::span<const std::byte> bytes)
    {
        m_bytes.insert(m_bytes.end(), bytes.begin(), bytes.end());
        return *this;
    }
    ByteWriter &put(std::string_view text) { return put(std::as_bytes(std::span(text))); }
    /// Zeros up to a multiple of `unit`.
    ByteWriter &pad(std::size_t unit)
    {
        m_bytes.resize((m_bytes.size() + unit - 1) / unit * unit);
        return *this;
    }
    void clear() { m_bytes.clear(); } ///< keeps the memory
    std::size_t size() const { return m_bytes.size(); }
    std::span<const std::byte> bytes() const { return m_bytes; }

private:
    std::vector<std::byte> m_bytes;
};

} // namespace syncpoint::hdf5
