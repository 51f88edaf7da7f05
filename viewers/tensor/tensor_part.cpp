#include "viewers/tensor/tensor_part.h"

#include <algorithm>

namespace syncpoint {

TensorPart partOf(const Shape &shape, std::size_t index, std::uint64_t most)
{
    TensorPart part{shape, Shape(shape.size(), 0)};
    std::uint64_t inner = part.elements();
    if (inner <= most) {
        return part;
    }
    // One index of the axes before `axis`, some of `axis`, all of those behind it.
    std::size_t axis = 0;
    std::uint64_t outer = 1;
    for (; axis + 1 < shape.size(); ++axis) {
        inner /= static_cast<std::uint64_t>(shape[axis]);
        if (inner <= most) {
            break;
        }
        outer *= static_cast<std::uint64_t>(shape[axis]);
    }
    inner = axis + 1 == shape.size() ? 1 : inner;
    const auto extent = static_cast<std::uint64_t>(shape[axis]);
    const std::uint64_t kept = std::clamp<std::uint64_t>(most / inner, 1, extent);
    const std::uint64_t perOuter = (extent + kept - 1) / kept;
    part.count = outer * perOuter;
    part.index = std::min(index, part.count - 1);
    const std::uint64_t start = part.index % perOuter * kept;
    std::uint64_t before = part.index / perOuter;
    part.first = (before * extent + start) * inner;
    part.origin[axis] = static_cast<std::int64_t>(start);
    part.shape[axis] = static_cast<std::int64_t>(std::min(kept, extent - start));
    for (std::size_t a = axis; a-- > 0;) {
        part.origin[a] = static_cast<std::int64_t>(before % static_cast<std::uint64_t>(shape[a]));
        before /= static_cast<std::uint64_t>(shape[a]);
        part.shape[a] = 1;
    }
    return part;
}

} // namespace syncpoint
