#include "core/tensor/decode.h"
#include "core/tensor/packed_elements.h"

#include <algorithm>
#include <cstring>
#include <fmt/format.h>
#include <new>

namespace syncpoint {
namespace {

/// One loop of the copy: how many elements, and how far apart they are on both sides.
struct Loop
{
    std::uint64_t extent = 1;
    std::uint64_t inStride = 1;
    std::uint64_t outStride = 1;
};

bool isPermutation(std::span<const std::size_t> permutation, std::size_t rank)
{
    std::vector<bool> seen(rank, false);
    for (const std::size_t axis : permutation) {
        if (axis >= rank || seen[axis]) {
            return false;
        }
        seen[axis] = true;
    }
    return permutation.size() == rank;
}

/// Loops in the order of the output, axes of extent 1 left out and axes that stay neighbours
/// merged.
std::vector<Loop> planLoops(std::span<const std::int64_t> shape,
                            std::span<const std::size_t> permutation)
{
    std::vector<std::uint64_t> inStrides(shape.size(), 1);
    for (std::size_t axis = shape.size(); axis-- > 1;) {
        inStrides[axis - 1] = inStrides[axis] * static_cast<std::uint64_t>(shape[axis]);
    }
    std::vector<Loop> loops; // innermost first
    std::uint64_t outStride = 1;
    for (std::size_t i = permutation.size(); i-- > 0;) {
        const auto extent = static_cast<std::uint64_t>(shape[permutation[i]]);
        const std::uint64_t inStride = inStrides[permutation[i]];
        if (extent != 1) {
            if (!loops.empty() && loops.back().inStride * loops.back().extent == inStride) {
                loops.back().extent *= extent;
            } else {
                loops.push_back({extent, inStride, outStride});
            }
        }
        outStride *= extent;
    }
    if (loops.empty()) {
        loops.push_back({});
    }
    return loops;
}

/// Calls `body(inOffset, outOffset)` for every index of `loops`.
template <typename Body>
void forEachIndex(std::span<const Loop> loops, Body body)
{
    std::vector<std::uint64_t> index(loops.size(), 0);
    std::uint64_t in = 0;
    std::uint64_t out = 0;
    while (true) {
        body(in, out);
        std::size_t level = 0;
        for (; level < loops.size(); ++level) {
            in += loops[level].inStride;
            out += loops[level].outStride;
            if (++index[level] < loops[level].extent) {
                break;
            }
            in -= loops[level].inStride * loops[level].extent;
            out -= loops[level].outStride * loops[level].extent;
            index[level] = 0;
        }
        if (level == loops.size()) {
            return;
        }
    }
}

/// Copies a plane in tiles, so that both sides stay in the cache whatever their strides.
template <std::size_t Size>
void copyPlane(const std::byte *in, std::byte *out, const Loop &inner, const Loop &other)
{
    constexpr std::uint64_t kTile = 32;
    for (std::uint64_t b = 0; b < other.extent; b += kTile) {
        const std::uint64_t bEnd = std::min(b + kTile, other.extent);
        for (std::uint64_t a = 0; a < inner.extent; a += kTile) {
            const std::uint64_t aEnd = std::min(a + kTile, inner.extent);
            for (std::uint64_t j = b; j < bEnd; ++j) {
                for (std::uint64_t i = a; i < aEnd; ++i) {
                    std::memcpy(out + (i * inner.outStride + j * other.outStride) * Size,
                                in + (i * inner.inStride + j * other.inStride) * Size, Size);
                }
            }
        }
    }
}

template <std::size_t Size>
void copyPermuted(const std::byte *in, std::byte *out, std::vector<Loop> loops)
{
    const Loop inner = loops.front();
    loops.erase(loops.begin());
    if (inner.inStride == 1) {
        forEachIndex(loops, [&](std::uint64_t from, std::uint64_t to) {
            std::memcpy(out + to * Size, in + from * Size, inner.extent * Size);
        });
        return;
    }
    const auto nearest =
        std::min_element(loops.begin(), loops.end(),
                         [](const Loop &a, const Loop &b) { return a.inStride < b.inStride; });
    Loop other;
    if (nearest != loops.end()) {
        other = *nearest;
        loops.erase(nearest);
    }
    forEachIndex(loops, [&](std::uint64_t from, std::uint64_t to) {
        copyPlane<Size>(in + from * Size, out + to * Size, inner, other);
    });
}

void copyPacked(const std::byte *in, std::byte *out, std::size_t bits, std::vector<Loop> loops)
{
    forEachIndex(loops, [&](std::uint64_t from, std::uint64_t to) {
        addPackedElement(out, to, bits, packedElement(in, from, bits));
    });
}

void copyElements(const std::byte *in, std::byte *out, std::size_t bits, std::vector<Loop> loops)
{
    switch (bits) {
    case 8:
        return copyPermuted<1>(in, out, std::move(loops));
    case 16:
        return copyPermuted<2>(in, out, std::move(loops));
    case 32:
        return copyPermuted<4>(in, out, std::move(loops));
    case 64:
        return copyPermuted<8>(in, out, std::move(loops));
    case 128:
        return copyPermuted<16>(in, out, std::move(loops));
    default:
        return copyPacked(in, out, bits, std::move(loops));
    }
}

/// A vector with the tensor's axes, permuted as the tensor is.
template <typename Number>
std::vector<Number> permutedNumbers(const std::vector<Number> &numbers,
                                    std::span<const std::int64_t> shape,
                                    std::span<const std::size_t> permutation)
{
    std::vector<Number> result(numbers.size());
    if (!numbers.empty()) {
        copyPermuted<sizeof(Number)>(std::as_bytes(std::span(numbers)).data(),
                                     std::as_writable_bytes(std::span(result)).data(),
                                     planLoops(shape, permutation));
    }
    return result;
}

std::shared_ptr<const Quantization> permutedQuantization(const TensorInfo &info,
                                                         std::span<const std::size_t> permutation)
{
    if (!info.quantization || !info.quantization->axis) {
        return info.quantization;
    }
    auto result = std::make_shared<Quantization>(*info.quantization);
    const std::size_t axis = *result->axis;
    result->axis = static_cast<std::size_t>(
        std::find(permutation.begin(), permutation.end(), axis) - permutation.begin());
    if (result->blockSize > 0) {
        Shape blocks = info.shape;
        const auto extent = static_cast<std::uint64_t>(blocks[axis]);
        blocks[axis] = static_cast<std::int64_t>(extent / result->blockSize +
                                                 (extent % result->blockSize != 0 ? 1 : 0));
        result->scales = permutedNumbers(result->scales, blocks, permutation);
        result->zeroPoints = permutedNumbers(result->zeroPoints, blocks, permutation);
    }
    return result;
}

} // namespace

Result<Tensor> permuted(const Tensor &tensor, std::span<const std::size_t> permutation)
{
    const TensorInfo &info = tensor.info();
    if (!isPermutation(permutation, info.shape.size())) {
        return Error{ErrorCode::BadInput,
                     fmt::format("the permutation does not fit the shape {}", toText(info.shape))};
    }
    if (bitWidth(info.dtype) == 0) {
        return Error{ErrorCode::Unsupported,
                     fmt::format("axes of {} tensors cannot be permuted", dtypeName(info.dtype))};
    }
    try {
        TensorInfo outInfo{info.dtype, {}, permutedQuantization(info, permutation)};
        for (const std::size_t axis : permutation) {
            outInfo.shape.push_back(info.shape[axis]);
        }
        std::vector<std::byte> out(tensor.bytes().size());
        if (!out.empty()) {
            copyElements(tensor.bytes().data(), out.data(), bitWidth(info.dtype),
                         planLoops(info.shape, permutation));
        }
        return Tensor::fromBytes(std::move(outInfo), std::move(out));
    } catch (const std::bad_alloc &) {
        return Error{ErrorCode::Limit, fmt::format("not enough memory to permute a tensor of {}",
                                                   toText(info.shape))};
    }
}

} // namespace syncpoint
