#include "core/formats/hdf5/object_header.h"
#include "core/formats/hdf5/checksum.h"

#include <array>
#include <cassert>

namespace syncpoint::hdf5 {
namespace {

using Extents = std::span<const std::int64_t>;

// The layouts below are those of chapter IV.A of the specification, by name of the message.
constexpr std::uint8_t kUtf8 = 1;

ByteWriter dataspace(Extents shape)
{
    constexpr std::uint8_t kVersion = 2, kNoMaxima = 0;
    ByteWriter out;
    out.put(kVersion).put(static_cast<std::uint8_t>(shape.size())).put(kNoMaxima);
    out.put(std::uint8_t{shape.empty() ? std::uint8_t{0} : std::uint8_t{1}}); // scalar or simple
    for (const std::int64_t extent : shape) {
        out.put(extent);
    }
    return out;
}

ByteWriter contiguous(const DataPlace &place)
{
    constexpr std::uint8_t kVersion = 3, kContiguous = 1;
    return ByteWriter().put(kVersion).put(kContiguous).put(place.address).put(place.bytes);
}

ByteWriter chunked(const DataPlace &place, std::size_t elementBytes)
{
    constexpr std::uint8_t kVersion = 3, kChunked = 2;
    ByteWriter out;
    out.put(kVersion).put(kChunked).put(static_cast<std::uint8_t>(place.chunk.size() + 1));
    out.put(place.address);
    for (const std::uint32_t extent : place.chunk) {
        out.put(extent);
    }
    out.put(static_cast<std::uint32_t>(elementBytes));
    return out;
}

/// Shuffle, then deflate.
ByteWriter filters(std::size_t elementBytes, int level)
{
    constexpr std::uint8_t kVersion = 2, kCount = 2;
    constexpr std::uint16_t kShuffle = 2, kDeflate = 1, kNoFlags = 0, kOneParameter = 1;
    ByteWriter out;
    out.put(kVersion).put(kCount);
    out.put(kShuffle)
        .put(kNoFlags)
        .put(kOneParameter)
        .put(static_cast<std::uint32_t>(elementBytes));
    out.put(kDeflate).put(kNoFlags).put(kOneParameter).put(static_cast<std::uint32_t>(level));
    return out;
}

} // namespace

void ObjectHeader::add(std::uint8_t kind, const ByteWriter &content)
{
    constexpr std::uint8_t kNoFlags = 0;
    assert(content.size() <= UINT16_MAX);
    m_messages.put(kind).put(static_cast<std::uint16_t>(content.size())).put(kNoFlags);
    m_messages.put(content.bytes());
}

void ObjectHeader::link(std::string_view name, std::uint64_t address)
{
    // The length takes 2 bytes, and the order and the character set follow.
    constexpr std::uint8_t kVersion = 1, kFlags = 0x01 | 0x04 | 0x10;
    ByteWriter out;
    out.put(kVersion).put(kFlags).put(m_links++).put(kUtf8);
    out.put(static_cast<std::uint16_t>(name.size())).put(name).put(address);
    add(message::kLink, out);
}

void ObjectHeader::group()
{
    constexpr std::uint8_t kVersion = 0, kOrderIsKept = 0x01 | 0x02, kNoFlags = 0;
    ByteWriter info;
    info.put(kVersion).put(kOrderIsKept).put(m_links);
    info.put(kNoAddress).put(kNoAddress).put(kNoAddress); // the links all stand in the header
    add(message::kLinkInfo, info);
    add(message::kGroupInfo, ByteWriter().put(kVersion).put(kNoFlags));
}

void ObjectHeader::dataset(Extents shape, std::span<const std::byte> type, std::size_t elementBytes,
                           const DataPlace &place)
{
    constexpr std::uint8_t kVersion = 3, kLateAndIfSet = 0x0A; // there is no value to fill with
    add(message::kDataspace, dataspace(shape));
    add(message::kDatatype, ByteWriter().put(type));
    add(message::kFillValue, ByteWriter().put(kVersion).put(kLateAndIfSet));
    if (place.chunk.empty()) {
        add(message::kLayout, contiguous(place));
        return;
    }
    add(message::kLayout, chunked(place, elementBytes));
    add(message::kFilters, filters(elementBytes, place.gzip));
}

void ObjectHeader::attribute(std::string_view name, std::span<const std::byte> type,
                             std::span<const std::byte> value, std::size_t count)
{
    constexpr std::uint8_t kVersion = 3, kNoFlags = 0, kEnd = 0;
    if (!m_hasAttributes) { // without this, readers count none
        constexpr std::uint8_t kFirst = 0;
        add(message::kAttributeInfo,
            ByteWriter().put(kFirst).put(kNoFlags).put(kNoAddress).put(kNoAddress));
        m_hasAttributes = true;
    }
    const std::array extents{static_cast<std::int64_t>(count)};
    const ByteWriter space = dataspace(count == 1 ? Extents() : Extents(extents));
    ByteWriter out;
    out.put(kVersion).put(kNoFlags).put(static_cast<std::uint16_t>(name.size() + 1));
    out.put(static_cast<std::uint16_t>(type.size())).put(static_cast<std::uint16_t>(space.size()));
    out.put(kUtf8).put(name).put(kEnd).put(type).put(space.bytes()).put(value);
    add(message::kAttribute, out);
}

std::vector<std::byte> ObjectHeader::encoded() const
{
    constexpr std::uint8_t kVersion = 2, kSizeOfFourBytes = 2;
    ByteWriter out;
    out.put(std::string_view("OHDR")).put(kVersion).put(kSizeOfFourBytes);
    out.put(static_cast<std::uint32_t>(m_messages.size())).put(m_messages.bytes());
    out.put(checksumOf(out.bytes()));
    return {out.bytes().begin(), out.bytes().end()};
}

} // namespace syncpoint::hdf5
