#pragma once
#include "core/base/result.h"
#include "core/formats/hdf5/byte_writer.h"

#include <cstdint>
#include <filesystem>
#include <memory>
#include <span>

namespace syncpoint::hdf5 {

/// A file that only grows, but for its first bytes. Small pieces are collected.
class FileSink
{
public:
    /// Truncates the file; `head` bytes at its start are left for writeHead().
    static Result<std::unique_ptr<FileSink>> open(const std::filesystem::path &path,
                                                  std::uint64_t head);
    ~FileSink();
    FileSink(const FileSink &) = delete;
    FileSink &operator=(const FileSink &) = delete;

    /// Where the bytes lie: a multiple of `alignment`, which is a power of two.
    Result<std::uint64_t> append(std::span<const std::byte> bytes, std::uint64_t alignment);
    std::uint64_t end() const { return m_flushed + m_pending.size(); }
    /// Writes what is pending, then the head: readers find nothing that is not there.
    Result<void> writeHead(std::span<const std::byte> bytes);
    Result<void> close();

private:
    FileSink(int file, std::uint64_t head) : m_file(file), m_flushed(head) {}
    Result<void> flush(std::span<const std::byte> more = {});
    Result<void> writeAt(std::span<const std::byte> bytes, std::uint64_t place) const;

    int m_file;
    std::uint64_t m_flushed;
    ByteWriter m_pending;
};

} // namespace syncpoint::hdf5
