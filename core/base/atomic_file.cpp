#include "core/base/atomic_file.h"

#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <fmt/format.h>
#include <fstream>
#include <sys/stat.h>
#include <unistd.h>

namespace syncpoint {

namespace {
Error cannotWrite(const std::filesystem::path &target)
{
    return {ErrorCode::Io,
            fmt::format("cannot write {}: {}", target.string(), std::strerror(errno))};
}
} // namespace

AtomicFile::AtomicFile(std::filesystem::path target, std::filesystem::path temporary)
    : m_target(std::move(target)), m_temporary(std::move(temporary))
{
}

AtomicFile::AtomicFile(AtomicFile &&other) noexcept
    : m_target(std::move(other.m_target)), m_temporary(std::exchange(other.m_temporary, {}))
{
}

AtomicFile::~AtomicFile()
{
    if (!m_temporary.empty()) {
        std::error_code ignored; // nothing sensible can be done in a destructor
        std::filesystem::remove(m_temporary, ignored);
    }
}

Result<AtomicFile> AtomicFile::create(const std::filesystem::path &target)
{
    std::error_code ignored;
    if (std::filesystem::is_directory(target, ignored)) {
        errno = EISDIR;
        return cannotWrite(target);
    }
    std::string pattern = target.string() + ".XXXXXX.syncpoint-tmp";
    const int file = ::mkstemps(pattern.data(), static_cast<int>(std::strlen(".syncpoint-tmp")));
    if (file < 0) {
        return cannotWrite(target);
    }
    // mkstemp makes private files; the finished file should be like any other that the user writes.
    const mode_t mask = ::umask(0);
    ::umask(mask);
    ::fchmod(file, static_cast<mode_t>(0666) & ~mask);
    ::close(file);
    return AtomicFile(target, pattern);
}

Result<void> AtomicFile::commit()
{
    if (std::rename(m_temporary.c_str(), m_target.c_str()) != 0) {
        return cannotWrite(m_target);
    }
    m_temporary.clear();
    return {};
}

Result<void> writeFileAtomically(const std::filesystem::path &target, std::string_view text)
{
    auto file = AtomicFile::create(target);
    if (!file) {
        return file.error();
    }
    {
        std::ofstream stream(file->temporaryPath(), std::ios::binary | std::ios::trunc);
        stream.write(text.data(), static_cast<std::streamsize>(text.size()));
        stream.flush();
        if (!stream) {
            return cannotWrite(target);
        }
    }
    return file->commit();
}

} // namespace syncpoint
