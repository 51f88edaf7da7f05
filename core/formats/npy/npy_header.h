#pragma once
#include "core/base/result.h"
#include "core/tensor/tensor.h"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>

namespace syncpoint {

/// What the start of a .npy file says. Format: numpy/lib/format.py, versions 1–3.
struct NpyHeader
{
    DType dtype = DType::Undefined;
    Shape shape;
    bool columnMajor = false;
    bool bigEndian = false;
    std::size_t dataOffset = 0; ///< bytes from the start of the file
};

/// Bytes of magic, version and header together, from the first 12 bytes (10 for version 1). Fails
/// for other files and for headers over 1 MiB.
Result<std::size_t> npyHeaderSize(std::span<const std::byte> start);
constexpr std::size_t kNpyPreambleSize = 12;

/// Parses the first npyHeaderSize() bytes. Unsupported: object arrays, structured, void and text
/// types.
Result<NpyHeader> readNpyHeader(std::span<const std::byte> start);

} // namespace syncpoint
