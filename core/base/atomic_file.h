#pragma once
#include "core/base/result.h"

#include <cstddef>
#include <filesystem>
#include <fstream>
#include <span>
#include <string_view>

namespace syncpoint {

/// A file that appears under its name only when complete: write to temporaryPath(), then commit().
/// Destroyed without commit(), nothing is left behind.
class AtomicFile
{
public:
    /// Fails when the folder does not exist or cannot be written.
    static Result<AtomicFile> create(const std::filesystem::path &target);
    AtomicFile(AtomicFile &&other) noexcept;
    AtomicFile &operator=(AtomicFile &&other) = delete;
    ~AtomicFile();

    const std::filesystem::path &temporaryPath() const { return m_temporary; }
    Result<void> commit();

private:
    AtomicFile(std::filesystem::path target, std::filesystem::path temporary);
    std::filesystem::path m_target;
    std::filesystem::path m_temporary;
};

/// A file put together piece by piece that appears under its name only when complete. A piece that
/// cannot be written is remembered and told by commit().
class AtomicStream
{
public:
    /// Fails when the folder does not exist or cannot be written.
    static Result<AtomicStream> create(const std::filesystem::path &target);

    void write(std::span<const std::byte> bytes);
    void write(std::string_view text) { write(std::as_bytes(std::span(text))); }
    Result<void> commit();

private:
    AtomicStream(AtomicFile file, std::filesystem::path target);
    std::filesystem::path m_target;
    AtomicFile m_file;
    std::ofstream m_stream;
};

/// A folder that appears under its name only when complete: fill path(), then commit(). Destroyed
/// without commit(), nothing is left behind.
class AtomicFolder
{
public:
    /// Fails when the target exists, but for an empty folder, or its parent cannot be written.
    static Result<AtomicFolder> create(const std::filesystem::path &target);
    AtomicFolder(AtomicFolder &&other) noexcept;
    AtomicFolder &operator=(AtomicFolder &&other) = delete;
    ~AtomicFolder();

    const std::filesystem::path &path() const { return m_temporary; }
    Result<void> commit();

private:
    AtomicFolder(std::filesystem::path target, std::filesystem::path temporary);
    std::filesystem::path m_target;
    std::filesystem::path m_temporary;
};

/// Writes `text` to `target`, whole or not at all.
Result<void> writeFileAtomically(const std::filesystem::path &target, std::string_view text);

} // namespace syncpoint
