#include "tests/core/media/written_media.h"

#include <fstream>
#include <png.h>
#include <turbojpeg.h>

namespace syncpoint {

void writePng(const std::filesystem::path &path, std::size_t width,
              const std::vector<std::uint8_t> &levels)
{
    png_image image = {};
    image.version = PNG_IMAGE_VERSION;
    image.width = static_cast<png_uint_32>(width);
    image.height = static_cast<png_uint_32>(levels.size() / 3 / width);
    image.format = PNG_FORMAT_RGB;
    png_image_write_to_file(&image, path.c_str(), 0, levels.data(), 0, nullptr);
}

void writeJpeg(const std::filesystem::path &path, std::size_t width,
               const std::vector<std::uint8_t> &levels)
{
    tjhandle encoder = tjInitCompress();
    unsigned char *bytes = nullptr;
    unsigned long size = 0;
    constexpr int kBestQuality = 100;
    tjCompress2(encoder, levels.data(), static_cast<int>(width), 0,
                static_cast<int>(levels.size() / 3 / width), TJPF_RGB, &bytes, &size, TJSAMP_444,
                kBestQuality, TJFLAG_ACCURATEDCT);
    std::ofstream(path, std::ios::binary)
        .write(reinterpret_cast<const char *>(bytes), static_cast<std::streamsize>(size));
    tjFree(bytes);
    tjDestroy(encoder);
}

void writeWav(const std::filesystem::path &path, std::size_t channels,
              const std::vector<std::int16_t> &samples)
{
    std::ofstream stream(path, std::ios::binary);
    const auto put = [&stream](auto number) {
        stream.write(reinterpret_cast<const char *>(&number), sizeof(number));
    };
    constexpr std::uint32_t kRate = 16000;
    const auto bytes = static_cast<std::uint32_t>(samples.size() * sizeof(std::int16_t));
    const auto frameBytes = static_cast<std::uint16_t>(channels * sizeof(std::int16_t));
    stream << "RIFF";
    put(bytes + 36);
    stream << "WAVEfmt ";
    put(std::uint32_t{16});
    put(std::uint16_t{1}); // PCM
    put(static_cast<std::uint16_t>(channels));
    put(kRate);
    put(kRate * frameBytes);
    put(frameBytes);
    put(std::uint16_t{16});
    stream << "data";
    put(bytes);
    stream.write(reinterpret_cast<const char *>(samples.data()), bytes);
}

} // namespace syncpoint
