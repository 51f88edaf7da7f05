#pragma once
#include "core/base/result.h"
#include "core/tensor/shape.h"

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <vector>

namespace syncpoint {

struct GgufTensor
{
    std::string name;
    Shape shape; ///< outermost first; the file has it the other way round
    std::uint32_t type = 0;
    std::uint64_t begin = 0; ///< in the file
};

struct GgufHeader
{
    std::string model; ///< the fact general.name
    std::vector<GgufTensor> tensors;
};

/// Reads versions 2 and 3, little-endian. The error names the place: "tensor 17: …".
Result<GgufHeader> readGgufHeader(std::span<const std::byte> file);

} // namespace syncpoint
