#pragma once
#include "core/base/mapped_file.h"
#include "core/base/result.h"
#include "core/formats/npy/zip_directory.h"

#include <filesystem>
#include <memory>
#include <mutex>
#include <vector>

struct zip;

namespace syncpoint {

/// Guards against archives that unpack to more than anybody meant to store.
struct ZipLimits
{
    std::uint64_t memberBytes = std::uint64_t{16} << 30U; ///< unpacked size of one member
    std::size_t members = 1'000'000;
};

/// A zip archive over a mapped file. Safe to use from several threads.
class ZipArchive
{
public:
    static Result<std::shared_ptr<const ZipArchive>> open(const std::filesystem::path &path,
                                                          const ZipLimits &limits = {});
    ~ZipArchive();
    ZipArchive(const ZipArchive &) = delete;
    ZipArchive &operator=(const ZipArchive &) = delete;

    const std::vector<ZipMember> &members() const { return m_members; }
    const std::shared_ptr<const MappedFile> &mapping() const { return m_mapping; }

    /// The bytes of an unpacked member as they lie in the file; empty when it has to be unpacked.
    std::span<const std::byte> storedBytes(std::size_t member) const;
    /// Up to `count` bytes from the start of a member, unpacked.
    Result<std::vector<std::byte>> unpackStart(std::size_t member, std::size_t count) const;
    /// A whole member, unpacked, its size and checksum verified.
    Result<std::vector<std::byte>> unpack(std::size_t member) const;

private:
    explicit ZipArchive(std::shared_ptr<const MappedFile> mapping) : m_mapping(std::move(mapping))
    {
    }
    Result<zip *> takeReader() const;
    void giveBack(zip *reader) const;
    Result<void> readDirectory(const ZipLimits &limits);
    Result<void> checkDeclaredSize(const ZipMember &member) const;

    std::shared_ptr<const MappedFile> m_mapping;
    std::vector<ZipMember> m_members;
    std::uint64_t m_mostBytes = 0;
    mutable std::mutex m_mutex;
    mutable std::vector<zip *> m_idle; ///< a libzip reader serves one thread at a time
};

} // namespace syncpoint
