#include "core/formats/hdf5/file_sink.h"

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <fcntl.h>
#include <sys/uio.h>
#include <unistd.h>
#include <utility>

namespace syncpoint::hdf5 {
namespace {

constexpr std::size_t kMostPending = std::size_t{1} << 20U;
constexpr std::size_t kLarge = std::size_t{1} << 15U; // not worth a copy

Error systemError()
{
    return {ErrorCode::Io, std::strerror(errno)};
}

} // namespace

Result<std::unique_ptr<FileSink>> FileSink::open(const std::filesystem::path &path,
                                                 std::uint64_t head)
{
    const int file = ::open(path.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0666);
    if (file < 0) {
        return systemError();
    }
    return std::unique_ptr<FileSink>(new FileSink(file, head));
}

FileSink::~FileSink()
{
    if (m_file >= 0) {
        ::close(m_file);
    }
}

Result<std::uint64_t> FileSink::append(std::span<const std::byte> bytes, std::uint64_t alignment)
{
    const std::uint64_t place = (end() + alignment - 1) / alignment * alignment;
    static constexpr std::array<std::byte, 64> kZeros{};
    m_pending.put(std::span(kZeros).first(place - end()));
    const bool isLarge = bytes.size() >= kLarge;
    if (!isLarge) {
        m_pending.put(bytes);
    }
    if (isLarge || m_pending.size() >= kMostPending) {
        if (auto done = flush(isLarge ? bytes : std::span<const std::byte>()); !done) {
            return done.error();
        }
    }
    return place;
}

Result<void> FileSink::writeHead(std::span<const std::byte> bytes)
{
    auto done = flush();
    return done ? writeAt(bytes, 0) : done;
}

/// Writes what is pending, and `more` after it in the same call.
Result<void> FileSink::flush(std::span<const std::byte> more)
{
    const auto pending = m_pending.bytes();
    // The interface only cannot say that it does not write to these.
    const std::array<iovec, 2> parts{iovec{const_cast<std::byte *>(pending.data()), pending.size()},
                                     iovec{const_cast<std::byte *>(more.data()), more.size()}};
    const ssize_t count = ::pwritev(m_file, parts.data(), static_cast<int>(parts.size()),
                                    static_cast<off_t>(m_flushed));
    // What a signal, a limit or a full disk left is written, or fails, piece by piece.
    const std::size_t written = static_cast<std::size_t>(std::max<ssize_t>(count, 0));
    const std::size_t ofPending = std::min(written, pending.size());
    auto done = writeAt(pending.subspan(ofPending), m_flushed + ofPending);
    if (done) {
        const std::size_t ofMore = written - ofPending;
        done = writeAt(more.subspan(ofMore), m_flushed + pending.size() + ofMore);
    }
    m_flushed += pending.size() + more.size();
    m_pending.clear();
    return done;
}

Result<void> FileSink::writeAt(std::span<const std::byte> bytes, std::uint64_t place) const
{
    while (!bytes.empty()) {
        const ssize_t count =
            ::pwrite(m_file, bytes.data(), bytes.size(), static_cast<off_t>(place));
        if (count < 0 && errno != EINTR) {
            return systemError();
        }
        const auto written = static_cast<std::size_t>(count < 0 ? 0 : count);
        bytes = bytes.subspan(written);
        place += written;
    }
    return {};
}

Result<void> FileSink::close()
{
    return ::close(std::exchange(m_file, -1)) == 0 ? Result<void>() : systemError();
}

} // namespace syncpoint::hdf5
