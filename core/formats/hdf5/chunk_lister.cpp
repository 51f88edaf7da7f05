#include "core/formats/hdf5/chunk_lister.h"

namespace syncpoint::hdf5 {
namespace {

constexpr std::uint64_t kMostChunks = std::uint64_t{1} << 24U;

/// Walks the grid of chunks.
class ChunkLister
{
public:
    ChunkLister(hid_t dataset, const Shape &shape, const std::vector<std::uint64_t> &extents)
        : m_dataset(dataset), m_shape(shape), m_extents(extents), m_corner(shape.size(), 0)
    {
    }

    Result<std::vector<Chunk>> list(hid_t properties, MappedInput &input)
    {
        hsize_t stored = 0;
        const Handle space{H5Dget_space(m_dataset), H5Sclose};
        unsigned options = 0;
        if (H5Dget_num_chunks(m_dataset, space.get(), &stored) < 0 ||
            H5Pget_chunk_opts(properties, &options) < 0) {
            return damaged();
        }
        const bool hasPlainEdges = (options & H5D_CHUNK_DONT_FILTER_PARTIAL_CHUNKS) != 0;
        std::vector<Chunk> chunks;
        input.isLocating = true;
        for (std::uint64_t index = 0; chunks.size() < stored && index < kMostChunks; ++index) {
            std::uint32_t skipped = 0;
            std::byte unused{}; // nothing is copied while locating
            input.located.reset();
            const bool found =
                H5Dread_chunk(m_dataset, H5P_DEFAULT, m_corner.data(), &skipped, &unused) >= 0;
            if (found && input.located) {
                chunks.push_back({index, input.located->offset, input.located->bytes,
                                  hasPlainEdges && isAtEdge() ? ~std::uint32_t{0} : skipped});
            }
            if (!advance()) {
                break;
            }
        }
        input.isLocating = false;
        return chunks.size() == stored ? Result<std::vector<Chunk>>(std::move(chunks)) : damaged();
    }

private:
    static Error damaged()
    {
        return {ErrorCode::BadFormat, "its chunks cannot be found" + problemNote()};
    }
    bool isAtEdge() const
    {
        for (std::size_t axis = 0; axis < m_shape.size(); ++axis) {
            if (m_corner[axis] + m_extents[axis] > static_cast<hsize_t>(m_shape[axis])) {
                return true;
            }
        }
        return false;
    }
    /// To the next chunk of the grid, row-major; false after the last.
    bool advance()
    {
        for (std::size_t axis = m_shape.size(); axis-- > 0;) {
            m_corner[axis] += m_extents[axis];
            if (m_corner[axis] < static_cast<hsize_t>(m_shape[axis])) {
                return true;
            }
            m_corner[axis] = 0;
        }
        return false;
    }

    hid_t m_dataset;
    const Shape &m_shape;
    const std::vector<std::uint64_t> &m_extents;
    std::vector<hsize_t> m_corner;
};

} // namespace

Result<std::vector<Chunk>> listChunks(hid_t dataset, hid_t properties, const Shape &shape,
                                      const std::vector<std::uint64_t> &extents, MappedInput &input)
{
    return ChunkLister(dataset, shape, extents).list(properties, input);
}

} // namespace syncpoint::hdf5
