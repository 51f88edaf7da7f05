#pragma once
#include "core/base/result.h"

#include <filesystem>
#include <optional>
#include <vector>

namespace syncpoint {

enum class MediaKind { Picture, Sound };

/// Files of one kind, one sample each.
struct MediaFiles
{
    MediaKind kind = MediaKind::Picture;
    std::vector<std::filesystem::path> files;
};

/// The pictures (PNG, JPEG) or sounds (WAV, FLAC) at `path`, told by their first bytes: the file
/// itself, or those in the folder in the order of their names. Nothing when there are none; an
/// error when a folder holds both kinds or cannot be read.
Result<std::optional<MediaFiles>> findMedia(const std::filesystem::path &path);

} // namespace syncpoint
