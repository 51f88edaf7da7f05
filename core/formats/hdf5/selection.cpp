#include "core/formats/hdf5/selection.h"

#include <algorithm>
#include <vector>

namespace syncpoint::hdf5 {
namespace {

struct Box
{
    std::vector<hsize_t> start;
    std::vector<hsize_t> extents;
    std::uint64_t elements = 1;
};

/// The largest box that begins at `position` and covers consecutive elements, at most `most`.
Box boxAt(const Shape &shape, std::uint64_t position, std::uint64_t most)
{
    Box box{std::vector<hsize_t>(shape.size(), 0), std::vector<hsize_t>(shape.size(), 1), 1};
    std::uint64_t rest = position;
    for (std::size_t axis = shape.size(); axis-- > 0;) {
        const auto extent = static_cast<std::uint64_t>(shape[axis]);
        box.start[axis] = rest % extent;
        rest /= extent;
    }
    for (std::size_t axis = shape.size(); axis-- > 0;) {
        const auto extent = static_cast<std::uint64_t>(shape[axis]);
        const std::uint64_t run =
            std::min<std::uint64_t>(extent - box.start[axis], most / box.elements);
        box.extents[axis] = run;
        box.elements *= run;
        if (run != extent) {
            break; // outer axes can only be taken when this one is taken whole
        }
    }
    return box;
}

} // namespace

bool readRange(hid_t dataset, hid_t memoryType, const Shape &shape, std::uint64_t first,
               std::uint64_t count, std::byte *out, std::size_t width)
{
    if (count == 0) {
        return true;
    }
    if (shape.empty()) {
        return H5Dread(dataset, memoryType, H5S_ALL, H5S_ALL, H5P_DEFAULT, out) >= 0;
    }
    const Handle fileSpace{H5Dget_space(dataset), H5Sclose};
    for (std::uint64_t done = 0; done < count;) {
        const Box box = boxAt(shape, first + done, count - done);
        const hsize_t elements = box.elements;
        const Handle memorySpace{H5Screate_simple(1, &elements, nullptr), H5Sclose};
        if (!fileSpace || !memorySpace ||
            H5Sselect_hyperslab(fileSpace.get(), H5S_SELECT_SET, box.start.data(), nullptr,
                                box.extents.data(), nullptr) < 0 ||
            H5Dread(dataset, memoryType, memorySpace.get(), fileSpace.get(), H5P_DEFAULT,
                    out + done * width) < 0) {
            return false;
        }
        done += box.elements;
    }
    return true;
}

} // namespace syncpoint::hdf5
