#include "core/media/picture.h"
#include "core/base/byte_reader.h"
#include "core/base/mapped_file.h"

#include <fmt/format.h>
#include <memory>
#include <png.h>
#include <span>
#include <turbojpeg.h>

namespace syncpoint {

namespace {
using Bytes = std::span<const std::byte>;

constexpr std::uint64_t kMostPixels = 1ULL << 27U; // 512 MB once decoded
constexpr std::size_t kChannels = 4;

/// One decoder for one picture in memory. Errors say what is wrong without naming the file.
class Decoder
{
public:
    virtual ~Decoder() = default;
    virtual Result<PictureSize> readSize() = 0;
    /// Fills `rgba`, which has room for the picture.
    virtual Result<void> readPixels(std::uint8_t *rgba) = 0;
};

Error damaged(std::string_view kind, std::string_view why)
{
    return {ErrorCode::BadFormat, fmt::format("the {} picture is damaged: {}", kind, why)};
}

class PngDecoder final : public Decoder
{
public:
    explicit PngDecoder(Bytes bytes) : m_bytes(bytes) { m_image.version = PNG_IMAGE_VERSION; }
    ~PngDecoder() override { png_image_free(&m_image); }
    PngDecoder(const PngDecoder &) = delete;
    PngDecoder &operator=(const PngDecoder &) = delete;

    Result<PictureSize> readSize() override
    {
        if (png_image_begin_read_from_memory(&m_image, m_bytes.data(), m_bytes.size()) == 0) {
            return damaged("PNG", m_image.message);
        }
        return PictureSize{m_image.width, m_image.height};
    }
    Result<void> readPixels(std::uint8_t *rgba) override
    {
        m_image.format = PNG_FORMAT_RGBA;
        if (png_image_finish_read(&m_image, nullptr, rgba, 0, nullptr) == 0) {
            return damaged("PNG", m_image.message);
        }
        return {};
    }

private:
    Bytes m_bytes;
    png_image m_image = {};
};

class JpegDecoder final : public Decoder
{
public:
    explicit JpegDecoder(Bytes bytes)
        : m_data(reinterpret_cast<const unsigned char *>(bytes.data())), m_size(bytes.size()),
          m_handle(tjInitDecompress(), tjDestroy)
    {
    }
    Result<PictureSize> readSize() override
    {
        int subsampling = 0;
        int colours = 0;
        if (tjDecompressHeader3(m_handle.get(), m_data, m_size, &m_width, &m_height, &subsampling,
                                &colours) != 0) {
            return damaged("JPEG", tjGetErrorStr2(m_handle.get()));
        }
        return PictureSize{static_cast<std::size_t>(m_width), static_cast<std::size_t>(m_height)};
    }
    Result<void> readPixels(std::uint8_t *rgba) override
    {
        // A few kilobytes of scans can keep the library busy for minutes, and what it makes of
        // missing data would pass for a picture.
        constexpr int kFlags = TJFLAG_ACCURATEDCT | TJFLAG_LIMITSCANS | TJFLAG_STOPONWARNING;
        if (tjDecompress2(m_handle.get(), m_data, m_size, rgba, m_width, 0, m_height, TJPF_RGBA,
                          kFlags) != 0) {
            return damaged("JPEG", tjGetErrorStr2(m_handle.get()));
        }
        return {};
    }

private:
    const unsigned char *m_data;
    unsigned long m_size;
    std::unique_ptr<void, int (*)(void *)> m_handle;
    int m_width = 0;
    int m_height = 0;
};

Result<std::unique_ptr<Decoder>> decoderFor(Bytes bytes)
{
    const std::string_view start = asText(bytes);
    if (start.starts_with("\x89PNG")) {
        return std::unique_ptr<Decoder>(std::make_unique<PngDecoder>(bytes));
    }
    if (start.starts_with("\xFF\xD8")) {
        return std::unique_ptr<Decoder>(std::make_unique<JpegDecoder>(bytes));
    }
    return Error{ErrorCode::BadFormat, "it is neither a PNG nor a JPEG picture"};
}

Result<PictureSize> checkedSize(Decoder &decoder)
{
    const auto size = decoder.readSize();
    if (size && std::uint64_t{size->width} * size->height > kMostPixels) {
        return Error{ErrorCode::Limit, fmt::format("a picture of {}×{} pixels is too large",
                                                   size->width, size->height)};
    }
    return size;
}
} // namespace

Result<PictureSize> pictureSize(const std::filesystem::path &path)
{
    const auto file = MappedFile::open(path);
    if (!file) {
        return file.error();
    }
    const auto decoder = decoderFor((*file)->bytes());
    auto size = decoder ? checkedSize(**decoder) : decoder.error();
    return size ? size : size.error().withContext(path.string());
}

Result<Picture> readPicture(const std::filesystem::path &path)
{
    const auto file = MappedFile::open(path);
    if (!file) {
        return file.error();
    }
    const auto decoder = decoderFor((*file)->bytes());
    const auto size = decoder ? checkedSize(**decoder) : decoder.error();
    if (!size) {
        return size.error().withContext(path.string());
    }
    Picture picture{*size, {}};
    picture.rgba.resize(size->width * size->height * kChannels);
    if (const auto done = (*decoder)->readPixels(picture.rgba.data()); !done) {
        return done.error().withContext(path.string());
    }
    return picture;
}

} // namespace syncpoint
