#pragma once
#include "core/base/result.h"

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <vector>

namespace syncpoint {

struct PictureSize
{
    std::size_t width = 0;
    std::size_t height = 0;
};

/// A decoded picture, row by row from the top: red, green, blue and alpha (255 where the file has
/// none), 8 bits each.
struct Picture
{
    PictureSize size;
    std::vector<std::uint8_t> rgba;
};

/// From the file's header alone. Both fail with a sentence that names the file: BadFormat when it
/// is damaged or neither PNG nor JPEG, Limit above 2^27 pixels.
Result<PictureSize> pictureSize(const std::filesystem::path &path);
/// Greater depths are rounded to 8 bits; rotation marks of cameras are not applied.
Result<Picture> readPicture(const std::filesystem::path &path);

} // namespace syncpoint
