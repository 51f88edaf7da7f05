#pragma once
#include "core/base/owned_bytes.h"
#include "core/base/result.h"
#include "core/formats/zip/zip_directory.h"

#include <filesystem>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string_view>
#include <vector>

struct zip;

namespace syncpoint {

/// Guards against archives that unpack to more than anybody meant to store.
struct ZipLimits
{
    std::uint64_t memberBytes = std::uint64_t{16} << 30U; ///< unpacked size of one member
    std::size_t members = 1'000'000;
};

/// A zip archive over a mapped file or other bytes. Safe to use from several threads.
class ZipArchive
{
public:
    static Result<std::shared_ptr<const ZipArchive>> open(const std::filesystem::path &path,
                                                          const ZipLimits &limits = {});
    static Result<std::shared_ptr<const ZipArchive>> open(OwnedBytes archive,
                                                          const ZipLimits &limits = {});
    ~ZipArchive();
    ZipArchive(const ZipArchive &) = delete;
    ZipArchive &operator=(const ZipArchive &) = delete;

    const std::vector<ZipMember> &members() const { return m_members; }
    /// The first member of that name.
    std::optional<std::size_t> find(std::string_view name) const;

    /// The bytes of an unpacked member as they lie in the file; empty when it has to be unpacked.
    std::span<const std::byte> storedBytes(std::size_t member) const;
    /// Up to `count` bytes from the start of a member, unpacked.
    Result<std::vector<std::byte>> unpackStart(std::size_t member, std::size_t count) const;
    /// A whole member, unpacked, its size and checksum verified.
    Result<std::vector<std::byte>> unpack(std::size_t member) const;
    /// A whole member: where it lies when it is stored, else unpacked.
    Result<OwnedBytes> contents(std::size_t member) const;

private:
    explicit ZipArchive(OwnedBytes archive) : m_archive(std::move(archive)) {}
    Result<zip *> takeReader() const;
    void giveBack(zip *reader) const;
    Result<void> readDirectory(const ZipLimits &limits);
    Result<void> checkDeclaredSize(const ZipMember &member) const;

    OwnedBytes m_archive;
    std::vector<ZipMember> m_members;
    std::map<std::string_view, std::size_t> m_byName; ///< views of m_members
    std::uint64_t m_mostBytes = 0;
    mutable std::mutex m_mutex;
    mutable std::vector<zip *> m_idle; ///< a libzip reader serves one thread at a time
};

} // namespace syncpoint
