#include "core/base/mapped_file.h"

#include <cerrno>
#include <cstring>
#include <fcntl.h>
#include <fmt/format.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

namespace syncpoint {

namespace {
Error systemError(const std::filesystem::path &path, std::string_view what)
{
    return {ErrorCode::Io,
            fmt::format("cannot {} {}: {}", what, path.string(), std::strerror(errno))};
}
} // namespace

Result<std::shared_ptr<const MappedFile>> MappedFile::open(const std::filesystem::path &path)
{
    const int file = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
    if (file < 0) {
        return systemError(path, "open");
    }
    struct stat info = {};
    if (::fstat(file, &info) != 0) {
        const Error error = systemError(path, "read the size of");
        ::close(file);
        return error;
    }
    if (!S_ISREG(info.st_mode)) {
        ::close(file);
        return Error{ErrorCode::Io, fmt::format("{} is not a regular file", path.string())};
    }
    const auto size = static_cast<std::size_t>(info.st_size);
    std::span<const std::byte> bytes;
    if (size > 0) {
        void *address = ::mmap(nullptr, size, PROT_READ, MAP_SHARED, file, 0);
        if (address == MAP_FAILED) {
            const Error error = systemError(path, "map");
            ::close(file);
            return error;
        }
        bytes = {static_cast<const std::byte *>(address), size};
    }
    ::close(file);
    return std::shared_ptr<const MappedFile>(new MappedFile(path, bytes));
}

MappedFile::MappedFile(std::filesystem::path path, std::span<const std::byte> bytes)
    : m_path(std::move(path)), m_bytes(bytes)
{
}

MappedFile::~MappedFile()
{
    if (!m_bytes.empty()) {
        ::munmap(const_cast<std::byte *>(m_bytes.data()), m_bytes.size());
    }
}

void MappedFile::release(std::span<const std::byte> part) const
{
    static const auto pageSize = static_cast<std::size_t>(::sysconf(_SC_PAGESIZE));
    if (part.empty() || part.data() < m_bytes.data()) {
        return;
    }
    const auto begin = static_cast<std::size_t>(part.data() - m_bytes.data());
    const std::size_t first = (begin + pageSize - 1) / pageSize * pageSize;
    const std::size_t last = (begin + part.size()) / pageSize * pageSize;
    if (first < last && last <= m_bytes.size()) {
        ::madvise(const_cast<std::byte *>(m_bytes.data()) + first, last - first, MADV_DONTNEED);
    }
}

} // namespace syncpoint
