#include "core/base/atomic_file.h"

#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

namespace syncpoint {

namespace {
Error cannotWrite(const std::filesystem::path &target)
{
    return {ErrorCode::Io,
            fmt::format("cannot write {}: {}", target.string(), std::strerror(errno))};
}

/// mkstemp() and mkdtemp() make private files; the finished one should be like any other that the
/// user writes.
void makeOrdinary(const std::string &path, mode_t mode)
{
    const mode_t mask = ::umask(0);
    ::umask(mask);
    ::chmod(path.c_str(), mode & ~mask);
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
    ::close(file);
    makeOrdinary(pattern, 0666);
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

AtomicStream::AtomicStream(AtomicFile file, std::filesystem::path target)
    : m_target(std::move(target)), m_file(std::move(file)),
      m_stream(m_file.temporaryPath(), std::ios::binary | std::ios::trunc)
{
}

Result<AtomicStream> AtomicStream::create(const std::filesystem::path &target)
{
    auto file = AtomicFile::create(target);
    return file ? Result<AtomicStream>(AtomicStream(*std::move(file), target)) : file.error();
}

void AtomicStream::write(std::span<const std::byte> bytes)
{
    m_stream.write(reinterpret_cast<const char *>(bytes.data()),
                   static_cast<std::streamsize>(bytes.size()));
}

Result<void> AtomicStream::commit()
{
    m_stream.close();
    return m_stream ? m_file.commit() : Result<void>(cannotWrite(m_target));
}

AtomicFolder::AtomicFolder(std::filesystem::path target, std::filesystem::path temporary)
    : m_target(std::move(target)), m_temporary(std::move(temporary))
{
}

AtomicFolder::AtomicFolder(AtomicFolder &&other) noexcept
    : m_target(std::move(other.m_target)), m_temporary(std::exchange(other.m_temporary, {}))
{
}

AtomicFolder::~AtomicFolder()
{
    if (!m_temporary.empty()) {
        std::error_code ignored; // nothing sensible can be done in a destructor
        std::filesystem::remove_all(m_temporary, ignored);
    }
}

Result<AtomicFolder> AtomicFolder::create(const std::filesystem::path &target)
{
    // "out/" names the folder "out": rename() takes no file for a folder and keeps no slash.
    const auto name = target.has_filename() ? target : target.parent_path();
    std::error_code ignored;
    if (std::filesystem::exists(name, ignored) && !(std::filesystem::is_directory(name, ignored) &&
                                                    std::filesystem::is_empty(name, ignored))) {
        errno = EEXIST;
        return cannotWrite(name);
    }
    std::string pattern = name.string() + ".syncpoint-tmp.XXXXXX";
    if (::mkdtemp(pattern.data()) == nullptr) {
        return cannotWrite(name);
    }
    makeOrdinary(pattern, 0777);
    return AtomicFolder(name, pattern);
}

Result<void> AtomicFolder::commit()
{
    if (std::rename(m_temporary.c_str(), m_target.c_str()) != 0) {
        return cannotWrite(m_target);
    }
    m_temporary.clear();
    return {};
}

Result<void> writeFileAtomically(const std::filesystem::path &target, std::string_view text)
{
    auto stream = AtomicStream::create(target);
    if (!stream) {
        return stream.error();
    }
    stream->write(text);
    return stream->commit();
}

} // namespace syncpoint
