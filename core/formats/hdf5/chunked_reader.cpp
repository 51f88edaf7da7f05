#include "core/formats/hdf5/chunked_reader.h"

#include "core/base/parallel_for.h"
#include "core/formats/hdf5/filters.h"
#include "core/tensor/dtype.h"

#include <algorithm>
#include <cstring>
#include <fmt/format.h>
#include <new>

namespace syncpoint::hdf5 {
namespace {

class ChunkedReader
{
public:
    ChunkedReader(const Dataset &dataset, std::size_t number, std::span<const std::byte> file,
                  ChunkCache &cache, ElementRange range, std::span<std::byte> out)
        : m_dataset(dataset), m_data(std::get<Chunked>(dataset.data)), m_number(number),
          m_file(file), m_cache(cache), m_range(range), m_out(out),
          m_width(bitWidth(dataset.stored) / 8), m_grid(dataset.shape, m_data.extents)
    {
    }

    Result<void> read()
    {
        const auto indices = m_grid.chunksAround(m_range);
        std::vector<Result<void>> outcomes(indices.size());
        parallelFor(indices.size(), [&](std::size_t i) {
            try {
                outcomes[i] = readChunk(indices[i]);
            } catch (const std::bad_alloc &) {
                outcomes[i] = Error{ErrorCode::Limit, "not enough memory to unpack a chunk"};
            }
        });
        const auto failed = std::find_if(outcomes.begin(), outcomes.end(),
                                         [](const auto &outcome) { return !outcome; });
        return failed == outcomes.end() ? Result<void>{} : *failed;
    }

private:
    Result<void> readChunk(std::uint64_t index)
    {
        const auto chunk =
            std::lower_bound(m_data.chunks.begin(), m_data.chunks.end(), index,
                             [](const Chunk &each, std::uint64_t i) { return each.index < i; });
        if (chunk == m_data.chunks.end() || chunk->index != index) {
            fill(index);
            return {};
        }
        Result<void> outcome;
        std::span<const std::byte> bytes;
        ChunkCache::Bytes owner;
        m_grid.forEachRun(index, m_range, [&](const Run &run) {
            if (bytes.empty()) { // only now is it known that the chunk is needed
                auto unpacked = bytesOf(*chunk, owner);
                if (!unpacked) {
                    outcome = unpacked.error();
                    return false;
                }
                bytes = *unpacked;
            }
            std::memcpy(placeOf(run), bytes.data() + run.inChunk * m_width, run.elements * m_width);
            return true;
        });
        return outcome;
    }

    /// The elements of a chunk; `owner` gets what keeps them when they are not mapped.
    Result<std::span<const std::byte>> bytesOf(const Chunk &chunk, ChunkCache::Bytes &owner)
    {
        const std::size_t size = m_grid.elementsPerChunk() * m_width;
        const auto packed = m_file.subspan(chunk.offset, chunk.bytes);
        if (m_data.filters.empty() && packed.size() == size) {
            return packed;
        }
        const ChunkCache::Key key{m_number, chunk.index};
        owner = m_cache.find(key);
        if (!owner) {
            auto unpacked = unpack(packed, m_data.filters, chunk.skippedFilters, size);
            if (!unpacked) {
                return unpacked.error();
            }
            owner = std::make_shared<const std::vector<std::byte>>(std::move(unpacked).value());
            const bool isWhole =
                m_range.last - m_range.first == elementCount(m_dataset.shape).value_or(0);
            if (!isWhole) {
                m_cache.keep(key, owner);
            }
        }
        return std::span<const std::byte>(*owner);
    }

    void fill(std::uint64_t index)
    {
        if (m_dataset.fill.empty()) {
            return;
        }
        m_grid.forEachRun(index, m_range, [&](const Run &run) {
            for (std::uint64_t i = 0; i < run.elements; ++i) {
                std::memcpy(placeOf(run) + i * m_width, m_dataset.fill.data(), m_width);
            }
            return true;
        });
    }

    std::byte *placeOf(const Run &run) const
    {
        return m_out.data() + (run.inDataset - m_range.first) * m_width;
    }

    const Dataset &m_dataset;
    const Chunked &m_data;
    std::size_t m_number;
    std::span<const std::byte> m_file;
    ChunkCache &m_cache;
    ElementRange m_range;
    std::span<std::byte> m_out;
    std::size_t m_width;
    ChunkGrid m_grid;
};

} // namespace

Result<void> readChunked(const Dataset &dataset, std::size_t number,
                         std::span<const std::byte> file, ChunkCache &cache, ElementRange range,
                         std::span<std::byte> out)
{
    return ChunkedReader(dataset, number, file, cache, range, out).read();
}

} // namespace syncpoint::hdf5
