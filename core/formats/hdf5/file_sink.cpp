#include "core/formats/hdf5/file_sink.h"

#include <array>
#include <cerrno>
#include <cstring>
#include <fcntl.h>
#include <unistd.h>
#include <utility>

namespace syncpoint::hdf5 {
namespace {

constexpr std::size_t kMostPending = std::size_t{1} << 20U;
constexpr std::size_t kLarge = std::size_t{1} << 16U; // not worth a copy

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
    if (bytes.size() < kLarge) {
        m_pending.put(bytes);
    }
    if (bytes.size() >= kLarge || m_pending.size() >= kMostPending) {
        if (auto done = flush(); !done) {
            return done.error();
        }
    }
    if (bytes.size() >= kLarge) {
        if (auto done = writeAt(bytes, m_flushed); !done) {
            return done.error();
        }
        m_flushed += bytes.size();
    }
    return place;
}

Result<void> FileSink::writeHead(std::span<const std::byte> bytes)
{
    auto done = flush();
    return done ? writeAt(bytes, 0) : done;
}

Result<void> FileSink::flush()
{
    const ByteWriter pending = std::exchange(m_pending, ByteWriter());
    auto done = writeAt(pending.bytes(), m_flushed);
    m_flushed += pending.size();
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
