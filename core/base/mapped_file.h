#pragma once
#include "core/base/result.h"

#include <cstddef>
#include <filesystem>
#include <memory>
#include <span>

namespace syncpoint {

/// A whole file mapped read-only. Pages are shared with the page cache and cost no private memory.
/// A file that shrinks while mapped raises SIGBUS on access; models and dumps are replaced by
/// rename, never truncated in place, so this is accepted.
class MappedFile
{
public:
    static Result<std::shared_ptr<const MappedFile>> open(const std::filesystem::path &path);
    ~MappedFile();
    MappedFile(const MappedFile &) = delete;
    MappedFile &operator=(const MappedFile &) = delete;

    std::span<const std::byte> bytes() const { return m_bytes; }
    const std::filesystem::path &path() const { return m_path; }

    /// Gives the pages of `part` (inside bytes()) back to the system; they are read again on the
    /// next access. Keeps the resident size of a pass over a huge file small.
    void release(std::span<const std::byte> part) const;

private:
    MappedFile(std::filesystem::path path, std::span<const std::byte> bytes);
    std::filesystem::path m_path;
    std::span<const std::byte> m_bytes;
};

} // namespace syncpoint
