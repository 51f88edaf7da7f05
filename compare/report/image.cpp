#include "compare/report/image.h"

#include <png.h>

namespace syncpoint {

Result<std::string> encodePng(const Image &image)
{
    if (image.width == 0 || image.height == 0 ||
        image.rgb.size() != image.width * image.height * 3) {
        return Error{ErrorCode::Internal, "an image without pixels cannot be written"};
    }
    png_image header = {};
    header.version = PNG_IMAGE_VERSION;
    header.width = static_cast<png_uint_32>(image.width);
    header.height = static_cast<png_uint_32>(image.height);
    header.format = PNG_FORMAT_RGB;
    std::string bytes(PNG_IMAGE_PNG_SIZE_MAX(header), '\0');
    png_alloc_size_t size = bytes.size();
    if (png_image_write_to_memory(&header, bytes.data(), &size, 0, image.rgb.data(), 0, nullptr) ==
        0) {
        return Error{ErrorCode::Internal,
                     std::string("a picture could not be encoded: ") + header.message};
    }
    bytes.resize(size);
    return bytes;
}

std::string encodeBase64(std::string_view bytes)
{
    constexpr std::string_view kAlphabet =
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    std::string out;
    out.reserve((bytes.size() + 2) / 3 * 4);
    for (std::size_t i = 0; i < bytes.size(); i += 3) {
        const std::size_t have = std::min<std::size_t>(3, bytes.size() - i);
        std::uint32_t group = 0;
        for (std::size_t j = 0; j < 3; ++j) {
            const std::uint32_t byte = j < have ? static_cast<unsigned char>(bytes[i + j]) : 0U;
            group = group << 8U | byte;
        }
        for (std::size_t j = 0; j < 4; ++j) {
            out += j <= have ? kAlphabet[group >> (18U - 6U * j) & 63U] : '=';
        }
    }
    return out;
}

} // namespace syncpoint
