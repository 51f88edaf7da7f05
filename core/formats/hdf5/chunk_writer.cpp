#include "core/formats/hdf5/chunk_writer.h"

#include <algorithm>
#include <zlib.h>

namespace syncpoint::hdf5 {
namespace {

using FileExtents = std::vector<std::uint64_t>;

constexpr std::size_t kMostWrittenChunks = 64; // twice the rank that readers assume for the index

std::uint64_t chunksAlong(std::uint64_t extent, std::uint64_t chunk)
{
    return (extent + chunk - 1) / chunk;
}

/// FileExtents 1, then part of an axis, then whole axes: `most` consecutive elements at most.
FileExtents extentsOf(const FileExtents &shape, std::uint64_t most)
{
    FileExtents chunk(shape.size(), 1);
    for (std::size_t axis = shape.size(); axis-- > 0;) {
        chunk[axis] = std::min(shape[axis], most);
        if (chunk[axis] != shape[axis]) {
            break;
        }
        most /= chunk[axis];
    }
    return chunk;
}

std::uint64_t countOf(const FileExtents &shape, const FileExtents &chunk)
{
    std::uint64_t count = 1;
    for (std::size_t axis = 0; axis < shape.size(); ++axis) {
        count *= chunksAlong(shape[axis], chunk[axis]);
    }
    return count;
}

FileExtents chosenExtents(const FileExtents &shape, std::size_t elementBytes)
{
    std::uint64_t most = std::max<std::uint64_t>((std::uint64_t{1} << 20U) / elementBytes, 1);
    FileExtents chunk = extentsOf(shape, most);
    while (countOf(shape, chunk) > kMostWrittenChunks) {
        most *= 2;
        chunk = extentsOf(shape, most);
    }
    return chunk;
}

/// First bytes of all elements, then second bytes, …: they deflate better.
std::vector<Bytef> shuffled(std::span<const std::byte> data, std::size_t elementBytes,
                            std::size_t chunkElements)
{
    std::vector<Bytef> result(chunkElements * elementBytes);
    for (std::size_t i = 0; i < data.size(); ++i) {
        result[i % elementBytes * chunkElements + i / elementBytes] =
            std::to_integer<Bytef>(data[i]);
    }
    return result;
}

/// The index of all chunks: one leaf of a version 1 B-tree (specification, III.A.1).
class ChunkIndex
{
public:
    void add(std::uint32_t bytes, const FileExtents &place, std::uint64_t address)
    {
        key(bytes, place);
        m_entries.put(address);
        ++m_count;
    }
    std::vector<std::byte> encoded(const FileExtents &end)
    {
        constexpr std::uint8_t kChunks = 1, kLeaf = 0;
        key(0, end);
        ByteWriter out;
        out.put(std::string_view("TREE")).put(kChunks).put(kLeaf).put(m_count);
        out.put(kNoAddress).put(kNoAddress).put(m_entries.bytes());
        const std::size_t keyBytes = 8 + 8 * (end.size() + 1);
        out.put(std::vector<std::byte>((kMostWrittenChunks - m_count) * (keyBytes + 8)));
        return {out.bytes().begin(), out.bytes().end()};
    }

private:
    void key(std::uint32_t bytes, const FileExtents &place)
    {
        constexpr std::uint32_t kAllFilters = 0;
        constexpr std::uint64_t kInsideElement = 0;
        m_entries.put(bytes).put(kAllFilters);
        for (const std::uint64_t extent : place) {
            m_entries.put(extent);
        }
        m_entries.put(kInsideElement);
    }
    ByteWriter m_entries;
    std::uint16_t m_count = 0;
};

/// Where the chunk with this number, counted row by row, starts.
FileExtents placeOf(std::uint64_t number, const FileExtents &shape, const FileExtents &chunk)
{
    FileExtents place(shape.size());
    for (std::size_t axis = shape.size(); axis-- > 0;) {
        const std::uint64_t along = chunksAlong(shape[axis], chunk[axis]);
        place[axis] = number % along * chunk[axis];
        number /= along;
    }
    return place;
}

/// The chunk's elements, which lie in one piece.
std::span<const std::byte> elementsOf(std::span<const std::byte> data, std::size_t elementBytes,
                                      const FileExtents &place, const FileExtents &shape,
                                      const FileExtents &chunk)
{
    std::uint64_t first = 0;
    std::uint64_t count = 1;
    for (std::size_t axis = 0; axis < shape.size(); ++axis) {
        first = first * shape[axis] + place[axis];
        count *= std::min(chunk[axis], shape[axis] - place[axis]);
    }
    return data.subspan(first * elementBytes, count * elementBytes);
}

} // namespace

Result<DataPlace> writeChunks(std::span<const std::byte> data, std::span<const std::int64_t> shape,
                              std::size_t elementBytes, int level, FileSink &sink)
{
    const FileExtents extents(shape.begin(), shape.end());
    const FileExtents chunk = chosenExtents(extents, elementBytes);
    std::size_t elements = 1;
    for (const std::uint64_t extent : chunk) {
        elements *= extent;
    }
    if (elements > UINT32_MAX / elementBytes) {
        return Error{ErrorCode::Limit, "it is too large to be packed"};
    }
    ChunkIndex index;
    std::vector<Bytef> packed(::compressBound(elements * elementBytes));
    for (std::uint64_t number = 0; number < countOf(extents, chunk); ++number) {
        const FileExtents place = placeOf(number, extents, chunk);
        const auto part = elementsOf(data, elementBytes, place, extents, chunk);
        const auto plain = shuffled(part, elementBytes, elements);
        uLongf size = packed.size();
        if (::compress2(packed.data(), &size, plain.data(), plain.size(), level) != Z_OK) {
            return Error{ErrorCode::Internal, "it could not be packed"};
        }
        const auto address = sink.append(std::as_bytes(std::span(packed).first(size)), 8);
        if (!address) {
            return address.error();
        }
        index.add(static_cast<std::uint32_t>(size), place, *address);
    }
    FileExtents end;
    for (std::size_t axis = 0; axis < extents.size(); ++axis) {
        end.push_back(chunksAlong(extents[axis], chunk[axis]) * chunk[axis]);
    }
    const auto address = sink.append(index.encoded(end), 8);
    if (!address) {
        return address.error();
    }
    return DataPlace{*address, 0, {chunk.begin(), chunk.end()}, level};
}

} // namespace syncpoint::hdf5
