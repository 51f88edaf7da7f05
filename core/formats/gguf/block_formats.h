#pragma once
#include "core/base/result.h"
#include "core/tensor/tensor.h"

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string_view>

namespace syncpoint {

/// A block of elements that share their scales. Source: the block formats of ggml.
struct GgufBlockFormat
{
    std::uint32_t type; ///< number in the file
    std::string_view name;
    std::uint64_t elements; ///< per block
    std::uint64_t bytes;    ///< per block
    double (*element)(const std::byte *block, std::size_t index);
};

/// Null for types that are no blocks or that are not decoded.
const GgufBlockFormat *ggufBlockFormat(std::uint32_t type);

/// The elements of `blocks` as float32, decoded when asked for. Fails when a row of `shape` is not
/// a whole number of blocks or `blocks` has another size.
Result<Tensor> ggufBlockTensor(const GgufBlockFormat &format, Shape shape,
                               std::span<const std::byte> blocks,
                               std::shared_ptr<const void> owner);

} // namespace syncpoint
