#include "core/formats/coreml/blob_file.h"

#include "core/base/byte_reader.h"

#include <fmt/format.h>

namespace syncpoint {

Result<std::span<const std::byte>> blobData(std::span<const std::byte> file, std::uint64_t offset)
{
    constexpr std::uint32_t kVersion = 2;
    constexpr std::uint32_t kSentinel = 0xDEADBEEF;
    ByteReader header(file);
    const auto count = header.read<std::uint32_t>();
    const auto version = header.read<std::uint32_t>();
    if (!count || !version) {
        return Error{ErrorCode::BadFormat, "the weight file ends inside its header"};
    }
    if (*version != kVersion) {
        return Error{ErrorCode::Unsupported,
                     fmt::format("weight files of version {} are not read", *version)};
    }
    ByteReader description(file);
    if (!description.seek(offset)) {
        return Error{ErrorCode::BadFormat,
                     fmt::format("byte {} lies behind the end of the weight file", offset)};
    }
    const auto sentinel = description.read<std::uint32_t>();
    const auto type = description.read<std::uint32_t>();
    const auto size = description.read<std::uint64_t>();
    const auto start = description.read<std::uint64_t>();
    if (!sentinel || *sentinel != kSentinel || !type || !size || !start) {
        return Error{ErrorCode::BadFormat,
                     fmt::format("the weight file has no blob at byte {}", offset)};
    }
    if (*start > file.size() || *size > file.size() - *start) {
        return Error{
            ErrorCode::BadFormat,
            fmt::format("the blob at byte {} lies behind the end of the weight file", offset)};
    }
    return file.subspan(*start, *size);
}

} // namespace syncpoint
