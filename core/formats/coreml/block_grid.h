#pragma once
#include "core/tensor/shape.h"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <vector>

namespace syncpoint {

/// A tensor cut into equal blocks, so many along each axis.
class BlockGrid
{
public:
    /// Nothing when an axis cannot be cut into as many equal parts.
    static std::optional<BlockGrid> of(std::span<const std::int64_t> shape,
                                       std::span<const std::int64_t> blocks)
    {
        BlockGrid grid;
        if (shape.size() != blocks.size()) {
            return std::nullopt;
        }
        for (std::size_t i = 0; i < shape.size(); ++i) {
            if (blocks[i] <= 0 || shape[i] <= 0 || shape[i] % blocks[i] != 0) {
                return std::nullopt;
            }
            grid.m_isOne = grid.m_isOne && blocks[i] == 1;
            grid.m_axes.push_back({static_cast<std::uint64_t>(shape[i]),
                                   static_cast<std::uint64_t>(shape[i] / blocks[i]),
                                   static_cast<std::uint64_t>(blocks[i])});
        }
        return grid;
    }

    /// Row-major index of the block that holds the element of this row-major index.
    std::uint64_t blockOf(std::uint64_t element) const
    {
        if (m_isOne) {
            return 0;
        }
        std::uint64_t block = 0;
        std::uint64_t stride = 1;
        for (std::size_t i = m_axes.size(); i-- > 0;) {
            const Axis &axis = m_axes[i];
            block += element % axis.extent / axis.blockExtent * stride;
            stride *= axis.blocks;
            element /= axis.extent;
        }
        return block;
    }

private:
    struct Axis
    {
        std::uint64_t extent, blockExtent, blocks;
    };
    std::vector<Axis> m_axes;
    bool m_isOne = true;
};

} // namespace syncpoint
