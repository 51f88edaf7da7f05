#include "core/formats/pytorch/strided_tensor.h"

#include <cstring>
#include <fmt/format.h>
#include <optional>

namespace syncpoint::pytorch {
namespace {

/// Whether rows follow rows without gaps. Strides of axes of one element say nothing.
bool isRowMajor(const Shape &shape, const std::vector<std::int64_t> &strides)
{
    std::int64_t expected = 1;
    for (std::size_t axis = shape.size(); axis-- > 0;) {
        if (shape[axis] != 1 && strides[axis] != expected) {
            return false;
        }
        expected *= shape[axis];
    }
    return true;
}

/// One past the last element that the layout reaches; nothing when that is no sensible number.
/// The tensor must have elements.
std::optional<std::uint64_t> reachOf(const StridedLayout &layout)
{
    constexpr std::uint64_t kFar = std::uint64_t{1} << 62U;
    if (layout.offset < 0) {
        return std::nullopt;
    }
    auto last = static_cast<std::uint64_t>(layout.offset);
    for (std::size_t axis = 0; axis < layout.strides.size(); ++axis) {
        const auto steps = static_cast<std::uint64_t>(layout.info.shape[axis] - 1);
        const std::int64_t stride = layout.strides[axis];
        std::uint64_t distance = 0;
        if (stride < 0 ||
            __builtin_mul_overflow(steps, static_cast<std::uint64_t>(stride), &distance) ||
            __builtin_add_overflow(last, distance, &last) || last >= kFar) {
            return std::nullopt;
        }
    }
    return last + 1;
}

std::vector<std::byte> copied(const StridedLayout &layout, std::span<const std::byte> storage,
                              std::size_t width, std::size_t bytes)
{
    const Shape &shape = layout.info.shape;
    std::vector<std::byte> dense(bytes);
    std::vector<std::int64_t> position(shape.size());
    auto from = static_cast<std::size_t>(layout.offset);
    for (std::size_t to = 0; to < bytes; to += width) {
        std::memcpy(dense.data() + to, storage.data() + from * width, width);
        for (std::size_t axis = shape.size(); axis-- > 0;) {
            from += static_cast<std::size_t>(layout.strides[axis]);
            if (++position[axis] < shape[axis]) {
                break;
            }
            from -= static_cast<std::size_t>(layout.strides[axis] * shape[axis]);
            position[axis] = 0;
        }
    }
    return dense;
}

} // namespace

Result<Tensor> stridedTensor(const StridedLayout &layout, const OwnedBytes &storage,
                             std::uint64_t &copyBudget)
{
    const TensorInfo &info = layout.info;
    const auto elements = elementCount(info.shape);
    const auto bytes = elements ? storageBytes(info.dtype, *elements) : std::nullopt;
    if (!bytes || layout.strides.size() != info.shape.size()) {
        return Error{ErrorCode::BadFormat,
                     fmt::format("a tensor of {} {} with {} strides", dtypeName(info.dtype),
                                 toText(info.shape), layout.strides.size())};
    }
    if (*elements == 0) {
        return Tensor::wrap(info, {}, storage.owner);
    }
    const std::size_t width = bitWidth(info.dtype) / 8;
    const auto reach = reachOf(layout);
    if (!reach || *reach > storage.bytes.size() / width) {
        return Error{ErrorCode::BadFormat,
                     fmt::format("{} {} does not fit its storage of {} bytes",
                                 dtypeName(info.dtype), toText(info.shape), storage.bytes.size())};
    }
    if (isRowMajor(info.shape, layout.strides)) {
        const std::size_t start = static_cast<std::size_t>(layout.offset) * width;
        return Tensor::wrap(info, storage.bytes.subspan(start, *bytes), storage.owner);
    }
    if (*bytes > copyBudget) {
        return Error{ErrorCode::Limit, "its elements do not lie in order in the file and are too "
                                       "many to be copied"};
    }
    copyBudget -= *bytes;
    return Tensor::fromBytes(info, copied(layout, storage.bytes, width, *bytes));
}

} // namespace syncpoint::pytorch
