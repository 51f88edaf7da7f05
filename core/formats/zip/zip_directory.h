#pragma once
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace syncpoint {

/// A member of a zip archive and where its bytes are. libzip reads members but does not say where
/// they lie, which mapping needs.
struct ZipMember
{
    std::string name;
    std::uint64_t compressedSize = 0;
    std::uint64_t size = 0;
    /// Offset of the member's bytes in the archive, when it is neither compressed nor encrypted and
    /// its bytes lie inside the archive.
    std::optional<std::uint64_t> storedAt;
};

/// The name of the member an archive starts with, which tells kinds of zip files apart; empty when
/// `start` is not the start of a zip.
std::string_view firstZipMember(std::span<const std::byte> start);

/// The central directory, in its order; empty when it is damaged or absent. Zip64 is understood.
/// Format: PKWARE APPNOTE, sections 4.3.7 to 4.3.16.
std::vector<ZipMember> readZipDirectory(std::span<const std::byte> archive);

} // namespace syncpoint
