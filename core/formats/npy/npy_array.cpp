#include "core/formats/npy/npy_header.h"
#include "core/formats/npy/npy_loader.h"
#include "core/tensor/decode.h"

#include <algorithm>
#include <fmt/format.h>
#include <new>
#include <numeric>

namespace syncpoint {
namespace {

std::vector<std::byte> byteSwapped(std::span<const std::byte> bytes, std::size_t width)
{
    std::vector<std::byte> swapped(bytes.begin(), bytes.end());
    for (auto at = swapped.begin(); at != swapped.end(); at += static_cast<std::ptrdiff_t>(width)) {
        std::reverse(at, at + static_cast<std::ptrdiff_t>(width));
    }
    return swapped;
}

/// Bytes that change order together: a complex number is two numbers.
std::size_t swapWidth(DType dtype)
{
    const std::size_t width = bitWidth(dtype) / 8;
    return dtype == DType::Complex64 || dtype == DType::Complex128 ? width / 2 : width;
}

Result<Tensor> toRowMajor(const NpyHeader &header, std::span<const std::byte> data,
                          std::shared_ptr<const void> owner)
{
    TensorInfo info{header.dtype, header.shape, nullptr};
    if (header.columnMajor) { // the same bytes are row-major with the axes reversed
        std::reverse(info.shape.begin(), info.shape.end());
    }
    const std::size_t width = swapWidth(header.dtype);
    auto tensor = header.bigEndian && width > 1
                      ? Tensor::fromBytes(std::move(info), byteSwapped(data, width))
                      : Tensor::wrap(std::move(info), data, std::move(owner));
    if (!tensor || !header.columnMajor || header.shape.size() < 2) {
        return tensor;
    }
    std::vector<std::size_t> reversed(header.shape.size());
    std::iota(reversed.rbegin(), reversed.rend(), 0U);
    return permuted(*tensor, reversed);
}

} // namespace

Result<Tensor> parseNpy(std::span<const std::byte> bytes, std::shared_ptr<const void> owner)
{
    const auto header = readNpyHeader(bytes);
    if (!header) {
        return header.error();
    }
    const auto needed = storageBytes(header->dtype, elementCount(header->shape).value_or(0));
    const auto data = bytes.subspan(header->dataOffset);
    if (!needed || *needed > data.size()) {
        return Error{ErrorCode::BadFormat,
                     fmt::format("the array is cut off: {} {} needs {} bytes, {} are there",
                                 dtypeName(header->dtype), toText(header->shape),
                                 needed.value_or(0), data.size())};
    }
    try {
        return toRowMajor(*header, data.first(*needed), std::move(owner));
    } catch (const std::bad_alloc &) {
        return Error{ErrorCode::Limit, fmt::format("not enough memory for {} bytes", *needed)};
    }
}

} // namespace syncpoint
