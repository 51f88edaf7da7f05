#pragma once
#include "core/base/result.h"

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

namespace syncpoint {

/// Pixels, three bytes each (red, green, blue), row by row from the top.
struct Image
{
    std::size_t width = 0, height = 0;
    std::vector<std::uint8_t> rgb;
};

/// The image as a PNG file's bytes.
Result<std::string> encodePng(const Image &image);

std::string encodeBase64(std::string_view bytes);

} // namespace syncpoint
