#include "core/formats/zip/zip_directory.h"

#include "core/base/byte_reader.h"

#include <algorithm>

namespace syncpoint {
namespace {

constexpr std::uint32_t kLocalSignature = 0x04034B50;
constexpr std::uint32_t kCentralSignature = 0x02014B50;
constexpr std::uint32_t kEndSignature = 0x06054B50;
constexpr std::uint32_t kEnd64Signature = 0x06064B50;
constexpr std::uint32_t kLocator64Signature = 0x07064B50;
constexpr std::uint16_t kZip64Field = 1;
constexpr std::uint16_t kEncryptedFlag = 1;
constexpr std::size_t kEndSize = 22;
constexpr std::size_t kLocatorSize = 20;
constexpr std::size_t kCentralSize = 46;
constexpr std::size_t kLocalSize = 30;
constexpr std::uint32_t kIn64 = 0xFFFFFFFF;

template <typename T>
T at(std::span<const std::byte> bytes, std::size_t offset)
{
    ByteReader reader(bytes);
    return reader.seek(offset) ? reader.read<T>().value_or(T{}) : T{};
}

struct Directory
{
    std::uint64_t offset = 0;
    std::uint64_t members = 0;
};

std::optional<Directory> findDirectory(std::span<const std::byte> archive)
{
    constexpr std::size_t kMostComment = 0xFFFF;
    if (archive.size() < kEndSize) {
        return std::nullopt;
    }
    const std::size_t last = archive.size() - kEndSize;
    const std::size_t first = last - std::min(last, kMostComment);
    std::size_t end = last + 1;
    while (end > first && at<std::uint32_t>(archive, end - 1) != kEndSignature) {
        --end;
    }
    if (end == first) {
        return std::nullopt;
    }
    --end;
    const Directory directory{at<std::uint32_t>(archive, end + 16),
                              at<std::uint16_t>(archive, end + 10)};
    const bool has64 = end >= kLocatorSize &&
                       at<std::uint32_t>(archive, end - kLocatorSize) == kLocator64Signature;
    if (!has64) {
        return directory;
    }
    const auto end64 = at<std::uint64_t>(archive, end - kLocatorSize + 8);
    if (end64 > archive.size() || at<std::uint32_t>(archive, end64) != kEnd64Signature) {
        return directory;
    }
    return Directory{at<std::uint64_t>(archive, end64 + 48),
                     at<std::uint64_t>(archive, end64 + 32)};
}

/// Replaces sizes and offset that do not fit 32 bits by those of the Zip64 field of `extra`.
void applyZip64(std::span<const std::byte> extra, ZipMember &member, std::uint64_t &header)
{
    ByteReader fields(extra);
    while (fields.remaining() >= 4) {
        const auto id = fields.read<std::uint16_t>().value_or(0);
        const auto length = fields.read<std::uint16_t>().value_or(0);
        const auto body = fields.readBytes(length);
        if (!body) {
            return;
        }
        if (id != kZip64Field) {
            continue;
        }
        ByteReader values(*body);
        for (std::uint64_t *value : {&member.size, &member.compressedSize, &header}) {
            if (*value == kIn64) {
                *value = values.read<std::uint64_t>().value_or(*value);
            }
        }
        return;
    }
}

/// Where the bytes behind the local header are, if they lie in the archive.
std::optional<std::uint64_t> dataOffset(std::span<const std::byte> archive, std::uint64_t header,
                                        const ZipMember &member)
{
    if (header > archive.size() || archive.size() - header < kLocalSize ||
        at<std::uint32_t>(archive, header) != kLocalSignature) {
        return std::nullopt;
    }
    const std::uint64_t data = header + kLocalSize + at<std::uint16_t>(archive, header + 26) +
                               at<std::uint16_t>(archive, header + 28);
    if (data > archive.size() || member.size > archive.size() - data) {
        return std::nullopt;
    }
    return data;
}

} // namespace

std::string_view firstZipMember(std::span<const std::byte> start)
{
    if (start.size() < kLocalSize || at<std::uint32_t>(start, 0) != kLocalSignature) {
        return {};
    }
    const std::size_t nameSize = at<std::uint16_t>(start, 26);
    return asText(start.subspan(kLocalSize, std::min(nameSize, start.size() - kLocalSize)));
}

std::vector<ZipMember> readZipDirectory(std::span<const std::byte> archive)
{
    std::vector<ZipMember> members;
    const auto directory = findDirectory(archive);
    if (!directory || directory->offset > archive.size()) {
        return members;
    }
    std::span<const std::byte> rest = archive.subspan(directory->offset);
    for (std::uint64_t i = 0; i < directory->members; ++i) {
        if (rest.size() < kCentralSize || at<std::uint32_t>(rest, 0) != kCentralSignature) {
            return {};
        }
        const std::size_t nameSize = at<std::uint16_t>(rest, 28);
        const std::size_t extraSize = at<std::uint16_t>(rest, 30);
        const std::size_t whole = kCentralSize + nameSize + extraSize + at<std::uint16_t>(rest, 32);
        if (rest.size() < whole) {
            return {};
        }
        ZipMember member;
        member.name = asText(rest.subspan(kCentralSize, nameSize));
        member.compressedSize = at<std::uint32_t>(rest, 20);
        member.size = at<std::uint32_t>(rest, 24);
        std::uint64_t header = at<std::uint32_t>(rest, 42);
        applyZip64(rest.subspan(kCentralSize + nameSize, extraSize), member, header);
        const bool isStored = at<std::uint16_t>(rest, 10) == 0 &&
                              (at<std::uint16_t>(rest, 8) & kEncryptedFlag) == 0 &&
                              member.size == member.compressedSize;
        if (isStored) {
            member.storedAt = dataOffset(archive, header, member);
        }
        members.push_back(std::move(member));
        rest = rest.subspan(whole);
    }
    return members;
}

} // namespace syncpoint
