#pragma once
#include "core/base/diagnostic.h"
#include "core/base/result.h"
#include "core/tensor/tensor.h"

#include <cstddef>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace syncpoint {

/// A tensor and where its elements are, in bytes from the start of the file.
struct SafetensorsEntry
{
    std::string name;
    TensorInfo info;
    std::size_t begin = 0;
    std::size_t size = 0;
};

struct SafetensorsHeader
{
    std::vector<SafetensorsEntry> tensors; ///< in the order of their elements
    std::vector<std::pair<std::string, std::string>> metadata;
    Diagnostics diagnostics; ///< tensors of types that are not known
};

/// The element types of the format and their names, in the order in which the format's own library
/// sorts tensors, backwards: by alignment.
std::span<const std::pair<std::string_view, DType>> safetensorsTypes();

/// Bytes in front of the header's text: its size as a little-endian uint64.
constexpr std::size_t kSafetensorsPreamble = 8;

/// Reads and checks the header of a whole file. Fails when it is damaged, and when the elements of
/// a tensor lie outside of the file, overlap with others or do not fit its shape. Format:
/// https://huggingface.co/docs/safetensors.
Result<SafetensorsHeader> readSafetensorsHeader(std::span<const std::byte> file);

} // namespace syncpoint
