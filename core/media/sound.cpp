#include "core/media/sound.h"

#include <algorithm>
#include <fmt/format.h>
#include <memory>
#include <sndfile.h>

namespace syncpoint {

namespace {
constexpr std::uint64_t kMostSamples = 1ULL << 28U; // 1 GB as float32

using File = std::unique_ptr<SNDFILE, int (*)(SNDFILE *)>;

Error problemWith(const std::filesystem::path &path, SNDFILE *file)
{
    return {ErrorCode::BadFormat,
            fmt::format("{}: the sound cannot be read: {}", path.string(), sf_strerror(file))};
}

Result<File> openSound(const std::filesystem::path &path, SoundFormat &format)
{
    SF_INFO info = {};
    File file(sf_open(path.c_str(), SFM_READ, &info), sf_close);
    if (!file) {
        return problemWith(path, nullptr);
    }
    if (info.frames <= 0 || info.channels <= 0 || info.samplerate <= 0) {
        return Error{ErrorCode::BadFormat, fmt::format("{}: the sound is empty", path.string())};
    }
    format = {static_cast<std::size_t>(info.frames), static_cast<std::size_t>(info.channels),
              static_cast<std::size_t>(info.samplerate)};
    return file;
}
} // namespace

Result<SoundFormat> soundFormat(const std::filesystem::path &path)
{
    SoundFormat format;
    const auto file = openSound(path, format);
    return file ? Result<SoundFormat>(format) : file.error();
}

Result<std::vector<float>> readSound(const std::filesystem::path &path, std::size_t first,
                                     std::size_t count)
{
    SoundFormat format;
    const auto file = openSound(path, format);
    if (!file) {
        return file.error();
    }
    const std::size_t start = std::min(first, format.frames);
    const std::size_t frames = std::min(count, format.frames - start);
    if (frames > kMostSamples / format.channels) {
        return Error{ErrorCode::Limit, fmt::format("{}: {} frames of sound are too many at once",
                                                   path.string(), frames)};
    }
    std::vector<float> samples(frames * format.channels);
    SNDFILE *const sound = file->get();
    if (sf_seek(sound, static_cast<sf_count_t>(start), SEEK_SET) < 0 ||
        sf_readf_float(sound, samples.data(), static_cast<sf_count_t>(frames)) !=
            static_cast<sf_count_t>(frames)) {
        return problemWith(path, sound);
    }
    return samples;
}

} // namespace syncpoint
