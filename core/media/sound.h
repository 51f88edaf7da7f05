#pragma once
#include "core/base/result.h"

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <vector>

namespace syncpoint {

struct SoundFormat
{
    std::size_t frames = 0; ///< of `channels` samples each
    std::size_t channels = 0;
    std::size_t rate = 0; ///< frames per second
};

/// From the file's header. Both fail with a sentence that names the file.
Result<SoundFormat> soundFormat(const std::filesystem::path &path);
/// Frames [first, first + count), channels interleaved, in [−1, 1): integers are divided by the
/// largest magnitude of their width, 32768 for 16 bits. Fewer than `count` at the end of the file.
Result<std::vector<float>> readSound(const std::filesystem::path &path, std::size_t first,
                                     std::size_t count);

} // namespace syncpoint
