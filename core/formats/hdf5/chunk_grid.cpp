#include "core/formats/hdf5/chunk_grid.h"

#include <algorithm>

namespace syncpoint::hdf5 {

ChunkGrid::ChunkGrid(std::span<const std::int64_t> shape, std::span<const std::uint64_t> extents)
{
    m_axes.push_back({});
    for (std::size_t i = 0; i < shape.size(); ++i) {
        const auto extent = static_cast<std::uint64_t>(shape[i]);
        if (extents[i] == extent) { // one with the axis before: runs become longer
            m_axes.back().extent *= extent;
            m_axes.back().chunk *= extent;
        } else {
            m_axes.push_back({extent, extents[i]});
        }
    }
}

std::uint64_t ChunkGrid::elementsPerChunk() const
{
    std::uint64_t elements = 1;
    for (const Axis &axis : m_axes) {
        elements *= axis.chunk;
    }
    return elements;
}

std::vector<std::uint64_t> ChunkGrid::chunksAround(ElementRange range) const
{
    if (range.first == range.last) {
        return {};
    }
    std::vector<std::uint64_t> chunks{0};
    std::uint64_t first = range.first;
    std::uint64_t last = range.last - 1;
    std::uint64_t stride = 1;
    for (const Axis &axis : m_axes) {
        stride *= axis.extent;
    }
    bool isSame = true; // the first and the last element have the same coordinates so far
    for (const Axis &axis : m_axes) {
        stride /= axis.extent;
        const std::uint64_t from = isSame ? first / stride / axis.chunk : 0;
        const std::uint64_t to = isSame ? last / stride / axis.chunk : axis.count() - 1;
        isSame = isSame && first / stride == last / stride;
        first %= stride;
        last %= stride;
        std::vector<std::uint64_t> finer;
        for (const std::uint64_t chunk : chunks) {
            for (std::uint64_t i = from; i <= to; ++i) {
                finer.push_back(chunk * axis.count() + i);
            }
        }
        chunks = std::move(finer);
    }
    return chunks;
}

void ChunkGrid::forEachRun(std::uint64_t chunk, ElementRange range,
                           const std::function<bool(const Run &)> &use) const
{
    const std::size_t rank = m_axes.size();
    std::vector<std::uint64_t> corner(rank); // of the chunk
    std::vector<std::uint64_t> inside(rank); // extents of its part that has elements
    for (std::size_t i = rank; i-- > 0; chunk /= m_axes[i].count()) {
        corner[i] = chunk % m_axes[i].count() * m_axes[i].chunk;
        inside[i] = std::min(m_axes[i].chunk, m_axes[i].extent - corner[i]);
    }
    std::vector<std::uint64_t> at(rank, 0); // start of a row in the chunk
    for (bool isMore = true; isMore;) {
        std::uint64_t inDataset = 0;
        std::uint64_t inChunk = 0;
        for (std::size_t i = 0; i < rank; ++i) {
            inDataset = inDataset * m_axes[i].extent + corner[i] + at[i];
            inChunk = inChunk * m_axes[i].chunk + at[i];
        }
        const std::uint64_t from = std::max(inDataset, range.first);
        const std::uint64_t to = std::min(inDataset + inside[rank - 1], range.last);
        if (inDataset >= range.last ||
            (from < to && !use({from, inChunk + (from - inDataset), to - from}))) {
            return;
        }
        isMore = false;
        for (std::size_t i = rank - 1; i-- > 0 && !isMore;) {
            isMore = ++at[i] < inside[i];
            at[i] = isMore ? at[i] : 0;
        }
    }
}

} // namespace syncpoint::hdf5
