#pragma once
#include "core/formats/hdf5/listing.h"
#include "core/tensor/shape.h"

#include <cstdint>
#include <functional>
#include <span>
#include <vector>

namespace syncpoint::hdf5 {

/// Elements [first, last) of a dataset, row-major.
struct ElementRange
{
    std::uint64_t first = 0;
    std::uint64_t last = 0;
};

/// Consecutive elements that are also consecutive in a chunk.
struct Run
{
    std::uint64_t inDataset = 0;
    std::uint64_t inChunk = 0;
    std::uint64_t elements = 0;
};

/// Which elements lie in which chunk. Chunks are named by their row-major index; those at the upper
/// edges reach beyond the dataset.
class ChunkGrid
{
public:
    /// As many extents, all ≥ 1, as the shape has. The shape must have elements.
    ChunkGrid(std::span<const std::int64_t> shape, std::span<const std::uint64_t> extents);

    std::uint64_t elementsPerChunk() const;
    /// All chunks that hold elements of the range, and maybe others, ascending.
    std::vector<std::uint64_t> chunksAround(ElementRange range) const;
    /// Calls `use` for the parts of the range in a chunk until it returns false.
    void forEachRun(std::uint64_t chunk, ElementRange range,
                    const std::function<bool(const Run &)> &use) const;

private:
    struct Axis
    {
        std::uint64_t extent = 1; ///< of the dataset
        std::uint64_t chunk = 1;  ///< of a chunk
        std::uint64_t count() const { return (extent - 1) / chunk + 1; }
    };
    std::vector<Axis> m_axes; ///< at least one
};

} // namespace syncpoint::hdf5
